package wire

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testdata/vectors holds one fact of the protocol a file, for whoever writes another implementation. A file is text:
//
//	# what the vector shows, one line or more
//	kind: message          what the bytes are: message, preamble, answer, header, frame or check
//	name: Key              message and check: which; its number is in PROTOCOL.md
//	from: Guest            check alone: the side that sent the frame, the state it came in and its channel
//	state: Open
//	channel: input
//	expect: ok             or: malformed, not impero; for check also: skip, or the name of a close code
//	field: Usage 4         one line a field, when expect is ok
//	hex:                   the bytes; "#" begins a comment, "61 * 1025" repeats a byte
//	  00 04                # usage
//
// A message is a body without its frame; a header is checked with the limit of a connection with input; a frame stands
// alone; a check is one frame that a side receives. What parses MUST encode to the same bytes.
//
// "go test -run Vectors -update" writes the files anew from the values and mutations in vectorlist_test.go.
var update = flag.Bool("update", false, "write testdata/vectors anew")

// A vector is one file.
type vector struct {
	file, shows string
	kind, name  string
	from, state string
	channel     string
	expect      string
	fields      []string
	data        []byte
	dump        string // the hex with its comments
}

const vectorFolder = "testdata/vectors"

// text writes the file.
func (v vector) text() string {
	var b strings.Builder
	for line := range strings.SplitSeq(v.shows, "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	for _, f := range [][2]string{{"kind", v.kind}, {"name", v.name}, {"from", v.from}, {"state", v.state}, {"channel", v.channel}, {"expect", v.expect}} {
		if f[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", f[0], f[1])
		}
	}
	for _, f := range v.fields {
		fmt.Fprintf(&b, "field: %s\n", f)
	}
	b.WriteString("hex:\n" + v.dump)
	return b.String()
}

// parseVector reads a file as another implementation would.
func parseVector(text string) (v vector, err error) {
	inHex := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case inHex:
			if v.data, err = appendHexLine(v.data, line); err != nil {
				return v, err
			}
		case strings.HasPrefix(line, "# "):
			v.shows += line[2:] + "\n"
		case line == "hex:":
			inHex = true
		case key == "field":
			v.fields = append(v.fields, value)
		default:
			to := map[string]*string{"kind": &v.kind, "name": &v.name, "from": &v.from, "state": &v.state, "channel": &v.channel, "expect": &v.expect}[key]
			if to == nil {
				return v, fmt.Errorf("line not understood: %q", line)
			}
			*to = value
		}
	}
	if v.shows == "" || v.kind == "" || v.expect == "" || !inHex {
		return v, errors.New("what it shows, kind, expect or hex is missing")
	}
	return v, nil
}

func appendHexLine(b []byte, line string) ([]byte, error) {
	line, _, _ = strings.Cut(line, "#")
	value, times, repeated := strings.Cut(line, "*")
	one, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(value), " ", ""))
	if err != nil {
		return nil, err
	}
	n := 1
	if repeated {
		if n, err = strconv.Atoi(strings.TrimSpace(times)); err != nil {
			return nil, err
		}
	}
	return append(b, slices.Repeat(one, n)...), nil
}

// dumpHex writes bytes as lines of hex with a comment; a long run of one byte is written as a repeat.
func dumpHex(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		if len(s.bytes) > 32 && len(slices.Compact(slices.Clone(s.bytes))) == 1 {
			fmt.Fprintf(&b, "  %s\n", remark(fmt.Sprintf("%02x * %d", s.bytes[0], len(s.bytes)), s.name))
			continue
		}
		for i, row := range slices.Collect(slices.Chunk(s.bytes, 32)) {
			line := fmt.Sprintf("% x", row)
			if i == 0 {
				line = remark(line, s.name)
			}
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	return b.String()
}

func remark(line, name string) string {
	if name == "" {
		return line
	}
	return fmt.Sprintf("%-24s # %s", line, name)
}

// fieldsOf writes a parsed value, a line a field.
func fieldsOf(v any) []string {
	r := reflect.Indirect(reflect.ValueOf(v))
	var lines []string
	for i := range r.NumField() {
		lines = append(lines, r.Type().Field(i).Name+" "+fieldText(r.Field(i)))
	}
	return lines
}

func fieldText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Array, reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Elem().Name() == "uint8" {
			return bytesText(v)
		}
		var items []string
		for i := range v.Len() {
			items = append(items, fieldText(v.Index(i)))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case reflect.Struct:
		var items []string
		for i := range v.NumField() {
			items = append(items, v.Type().Field(i).Name+" "+fieldText(v.Field(i)))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int16, reflect.Int32:
		return strconv.FormatInt(v.Int(), 10)
	}
	return strconv.FormatUint(v.Uint(), 10)
}

func bytesText(v reflect.Value) string {
	b := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(b), v)
	if len(b) > 64 {
		return fmt.Sprintf("%x… (%d bytes)", b[:16], len(b))
	}
	return strconv.Quote(hex.EncodeToString(b))
}

// run does with a vector what its kind says and gives what came of it: the expectation, and the fields.
func (v vector) run() (got string, fields []string, again []byte, err error) {
	var value any
	switch v.kind {
	case "message":
		var m Message
		if m, err = Parse(typeByName(v.name), v.data); err == nil {
			e := Encoder{}
			m.Append(&e)
			value, again = m, e.B
		}
	case "preamble":
		var p Preamble
		p, err = ParsePreamble(v.data)
		value, again = p, p.Append(nil)
	case "answer":
		var a Answer
		a, err = ParseAnswer(v.data)
		value, again = a, a.Append(nil)
	case "header":
		var h Header
		h, err = ParseHeader(v.data, MaxRecord)
		value, again = h, h.Append(nil)
	case "frame":
		var f Frame
		var rest []byte
		f, rest, err = NextFrame(v.data)
		value, again = f, append(f.Append(nil), rest...)
	case "check":
		return v.check()
	default:
		return "", nil, nil, fmt.Errorf("unknown kind %q", v.kind)
	}
	switch {
	case errors.Is(err, ErrNotImpero):
		return "not impero", nil, nil, err
	case errors.Is(err, ErrMalformed):
		return "malformed", nil, nil, err
	case err != nil:
		return "", nil, nil, err
	}
	return "ok", fieldsOf(value), again, nil
}

func (v vector) check() (string, []string, []byte, error) {
	f, rest, err := NextFrame(v.data)
	if err != nil || len(rest) > 0 {
		return "", nil, nil, fmt.Errorf("a check holds one frame: %v", err)
	}
	k := Checker{From: sideByName(v.from), State: stateByName(v.state)}
	m, err := k.Check(channelByName(v.channel), f)
	var broken *Violation
	switch {
	case errors.As(err, &broken):
		return broken.Code.String(), nil, nil, err
	case err != nil:
		return "", nil, nil, err
	case m == nil:
		return "skip", nil, f.Append(nil), nil
	}
	return "ok", fieldsOf(m), AppendMessage(nil, f.Stream, m), nil
}

func typeByName(name string) Type {
	for _, s := range Specs() {
		if s.Name == name {
			return s.Type
		}
	}
	return 0
}

func sideByName(name string) Side {
	return map[string]Side{"Guest": FromGuest, "Host": FromHost}[name]
}

func stateByName(name string) State {
	return map[string]State{"Hello": StateHello, "Identity": StateIdentity, "Logon": StateLogon, "Open": StateOpen, "Closed": StateClosed}[name]
}

func channelByName(name string) Channel {
	for c := ChannelControl; c < Channels; c++ {
		if c.String() == name {
			return c
		}
	}
	return 0
}

// readVectors gives every vector of testdata by its file's name.
func readVectors(t testing.TB) map[string]vector {
	t.Helper()
	files, err := filepath.Glob(vectorFolder + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("find vectors: %d files, %v", len(files), err)
	}
	all := map[string]vector{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := parseVector(string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		v.file = strings.TrimSuffix(filepath.Base(file), ".txt")
		all[v.file] = v
	}
	return all
}

func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	all := readVectors(t)
	for name, v := range all {
		got, fields, again, err := v.run()
		switch {
		case got != v.expect:
			t.Errorf("%s: got %q (%v), expected %q", name, got, err, v.expect)
		case got == "ok" && !slices.Equal(fields, v.fields):
			t.Errorf("%s: fields are\n%s\nexpected\n%s", name, strings.Join(fields, "\n"), strings.Join(v.fields, "\n"))
		case (got == "ok" || got == "skip") && !slices.Equal(again, v.data):
			t.Errorf("%s: encodes again to % x", name, again)
		}
	}
	for _, s := range Specs() {
		if !slices.ContainsFunc(vectorsOf(all, s.Name), func(v vector) bool { return v.expect == "ok" }) {
			t.Errorf("no vector shows a good %s", s.Name)
		}
		if !slices.ContainsFunc(vectorsOf(all, s.Name), func(v vector) bool { return v.expect == "malformed" }) {
			t.Errorf("no vector shows a bad %s", s.Name)
		}
	}
}

func vectorsOf(all map[string]vector, name string) (found []vector) {
	for _, v := range all {
		if v.kind == "message" && v.name == name {
			found = append(found, v)
		}
	}
	return found
}

// TestVectorFiles holds the files to the list they are written from, so that an encoding never changes unseen.
func TestVectorFiles(t *testing.T) {
	all := readVectors(t)
	for _, v := range listVectors(t) {
		text, err := os.ReadFile(filepath.Join(vectorFolder, v.file+".txt"))
		if err != nil {
			t.Errorf("vector is not written: %v", err)
		} else if string(text) != v.text() {
			t.Errorf("%s: the file holds\n%s\nwhat is written now is\n%s", v.file, text, v.text())
		}
		delete(all, v.file)
	}
	for name := range all {
		t.Errorf("%s: nothing writes this vector", name)
	}
}

func writeVectors(t *testing.T) {
	old, _ := filepath.Glob(vectorFolder + "/*.txt")
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(vectorFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range listVectors(t) {
		if err := os.WriteFile(filepath.Join(vectorFolder, v.file+".txt"), []byte(v.text()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLayoutLines holds every layout line to the bytes the code writes: the line alone takes each good vector apart.
func TestLayoutLines(t *testing.T) {
	all := docs(t)
	for name, v := range readVectors(t) {
		if v.expect != "ok" || v.kind == "check" {
			continue
		}
		if _, err := split(layoutOf(t, all, docName(v)), v.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// docName is the Go type that a vector is of.
func docName(v vector) string {
	if v.kind == "message" {
		return v.name
	}
	return strings.ToUpper(v.kind[:1]) + v.kind[1:]
}
