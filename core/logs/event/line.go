package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limits of a file's lines, in bytes.
const (
	maxLine   = 16 << 10 // every text at its longest, each byte escaped to four, and the rest: 7.3 KiB
	maxHeader = 1 << 10
)

// timeForm is RFC 3339 in UTC with microseconds that are always there.
const timeForm = "2006-01-02T15:04:05.000000Z"

// magic begins the header of a file of this version.
const magic = "impero-nlg 1"

// digest is a link of the chain.
type digest [sha256.Size]byte

func (d digest) String() string { return hex.EncodeToString(d[:]) }

// link appends to line, which has no newline yet, its hash and the newline.
func link(before digest, line []byte) ([]byte, digest) {
	d := hashOf(before, line)
	line = append(line, '\t')
	line = hex.AppendEncode(line, d[:])
	return append(line, '\n'), d
}

func hashOf(before digest, line []byte) (d digest) {
	h := sha256.New()
	h.Write(before[:])
	h.Write(line)
	h.Sum(d[:0])
	return d
}

// appendEvent appends an event's line without its hash.
func appendEvent(line []byte, e *Event) []byte {
	line = strconv.AppendUint(line, e.Sequence, 10)
	line = append(line, '\t')
	line = e.Time.UTC().AppendFormat(line, timeForm)
	for _, text := range []string{string(e.Code), string(e.outcome())} {
		line = append(append(line, '\t'), text...)
	}
	line = appendText(line, e.Host, maxHost)
	line = append(line, '\t')
	line = strconv.AppendUint(line, uint64(e.Session), 10)
	line = appendText(line, e.Who, maxWho)
	line = appendText(line, e.Way, maxWay)
	return appendText(line, e.What, maxWhat)
}

// appendText appends a tab and a text in ASCII, escaped as in Go: what is written does not depend on what a release holds
// printable, and steers no terminal.
func appendText(line []byte, text string, most int) []byte {
	line = append(line, '\t')
	start := len(line)
	line = strconv.AppendQuoteToASCII(line, cut(text, most))
	copy(line[start:], line[start+1:])
	return line[:len(line)-2]
}

// parseText reads what appendText wrote, and nothing else.
func parseText(word string, most int) (string, error) {
	text, err := strconv.Unquote(`"` + word + `"`)
	if err != nil || len(text) > most+len("…") {
		return "", fmt.Errorf("%.40q is no text of a log", word)
	}
	if again := strconv.QuoteToASCII(text); again[1:len(again)-1] != word {
		return "", fmt.Errorf("%.40q is a text in another form", word)
	}
	return text, nil
}

// split takes the hash off a line, which has no newline.
func split(line []byte) (text []byte, d digest, err error) {
	at := bytes.LastIndexByte(line, '\t')
	if at < 0 || len(line)-at-1 != 2*len(d) {
		return nil, d, errors.New("it has no hash")
	}
	if d, err = parseDigest(string(line[at+1:])); err != nil {
		return nil, d, err
	}
	return line[:at], d, nil
}

func parseDigest(word string) (d digest, err error) {
	if len(word) != 2*len(d) || strings.ToLower(word) != word {
		return d, errors.New("its hash has another form")
	}
	if _, err := hex.Decode(d[:], []byte(word)); err != nil {
		return d, errors.New("its hash has another form")
	}
	return d, nil
}

// parseEvent reads an event's line without its hash: exactly what appendEvent writes.
func parseEvent(line []byte) (e Event, err error) {
	fields := strings.Split(string(line), "\t")
	if len(fields) != 9 {
		return e, fmt.Errorf("it has %d fields, not 9", len(fields))
	}
	if e.Sequence, err = parseNumber(fields[0], 64); err != nil {
		return e, err
	}
	if e.Time, err = parseTime(fields[1]); err != nil {
		return e, err
	}
	if e.Code = Code(fields[2]); !e.Code.formed() {
		return e, fmt.Errorf("%.40q is no code", fields[2])
	}
	switch e.Outcome = Outcome(fields[3]); e.Outcome {
	case Done, Denied, Failed:
	default:
		return e, fmt.Errorf("%.40q is no outcome", fields[3])
	}
	session, err := parseNumber(fields[5], 32)
	if err != nil {
		return e, err
	}
	e.Session = uint32(session)
	for _, text := range []struct {
		to   *string
		word string
		most int
	}{{&e.Host, fields[4], maxHost}, {&e.Who, fields[6], maxWho}, {&e.Way, fields[7], maxWay}, {&e.What, fields[8], maxWhat}} {
		if *text.to, err = parseText(text.word, text.most); err != nil {
			return e, err
		}
	}
	return e, nil
}

// parseNumber reads a number without leading zeros or signs.
func parseNumber(word string, bits int) (uint64, error) {
	n, err := strconv.ParseUint(word, 10, bits)
	if err != nil || strconv.FormatUint(n, 10) != word {
		return 0, fmt.Errorf("%.40q is no number of a log", word)
	}
	return n, nil
}

func parseTime(word string) (time.Time, error) {
	at, err := time.Parse(timeForm, word)
	if err != nil || at.Format(timeForm) != word {
		return at, fmt.Errorf("%.40q is no time of a log", word)
	}
	return at, nil
}

// header is the first line of a file.
type header struct {
	part   uint64 // of the log, from 1 on
	begun  time.Time
	host   string
	before digest // of the last line of the part before; zeros for the first
}

func appendHeader(line []byte, h header) []byte {
	line = append(line, magic...)
	line = append(line, '\t')
	line = strconv.AppendUint(line, h.part, 10)
	line = append(line, '\t')
	line = h.begun.UTC().AppendFormat(line, timeForm)
	line = appendText(line, h.host, maxHost)
	line = append(line, '\t')
	return hex.AppendEncode(line, h.before[:])
}

func parseHeader(line []byte) (h header, err error) {
	fields := strings.Split(string(line), "\t")
	if fields[0] != magic {
		return h, errors.New("it is no event log of this version")
	}
	if len(fields) != 5 {
		return h, fmt.Errorf("its header has %d fields, not 5", len(fields))
	}
	if h.part, err = parseNumber(fields[1], 64); err != nil {
		return h, err
	}
	if h.begun, err = parseTime(fields[2]); err != nil {
		return h, err
	}
	if h.host, err = parseText(fields[3], maxHost); err != nil {
		return h, err
	}
	h.before, err = parseDigest(fields[4])
	return h, err
}
