package wire

import (
	"bytes"
	"io"
)

// Magic opens every connection, in both directions.
const Magic = "Impero\r\n"

// Version is the protocol version this package speaks; OldestVersion the oldest it still understands.
const (
	Version       uint16 = 1
	OldestVersion uint16 = 1
)

// Purpose says what a connection is for. A purpose that a side does not know is one it does not serve: it is read, and
// answered with a Refuse.
type Purpose uint8

const (
	PurposeSession Purpose = 1 // a new session with the target
	PurposeAttach  Purpose = 2 // one more connection of a session
	PurposeResume  Purpose = 3 // a session that lost its connection
	PurposeRoute   Purpose = 4 // a relay is asked to route to the target
	PurposeTest    Purpose = 5 // only asks whether the target answers
)

// MaxTarget is the longest name of a target, in bytes.
const MaxTarget = 255

// Preamble opens a connection, from the side that dialled.
//
//	magic 8 bytes "Impero\r\n" · newest u16 · oldest u16 · purpose u8 · target text8 (≤ 255)
//
// newest and oldest are the protocol versions that the sender speaks. target is the name the caller used for the Host,
// for a relay or a Host with several names; it may be empty.
type Preamble struct {
	Newest, Oldest uint16
	Purpose        Purpose
	Target         string
}

const preambleFixed = len(Magic) + 6

// Append appends the encoding of p.
func (p Preamble) Append(b []byte) []byte {
	e := Encoder{B: append(b, Magic...)}
	e.U16(p.Newest)
	e.U16(p.Oldest)
	e.U8(uint8(p.Purpose))
	e.Text8(p.Target)
	return e.B
}

// ParsePreamble takes exactly one preamble. It gives ErrNotImpero if the magic is another, else ErrMalformed.
func ParsePreamble(b []byte) (Preamble, error) {
	d := Decoder{B: b}
	if !bytes.Equal(d.Take(len(Magic)), []byte(Magic)) {
		return Preamble{}, ErrNotImpero
	}
	p := Preamble{Newest: d.U16(), Oldest: d.U16(), Purpose: Purpose(d.U8()), Target: d.Text8(MaxTarget)}
	if err := d.Close(); err != nil {
		return Preamble{}, err
	}
	if p.Oldest == 0 || p.Oldest > p.Newest {
		return Preamble{}, malformed("versions %d to %d", p.Oldest, p.Newest)
	}
	if p.Purpose == 0 {
		return Preamble{}, malformed("purpose 0")
	}
	return p, nil
}

// ReadPreamble reads one preamble and gives also its raw bytes, for the transcript. It stops at the first byte that
// cannot belong to one: a stranger is not waited for.
func ReadPreamble(r io.Reader) (Preamble, []byte, error) {
	raw := make([]byte, preambleFixed, preambleFixed+MaxTarget)
	if err := readMagic(r, raw[:len(Magic)]); err != nil {
		return Preamble{}, nil, err
	}
	if _, err := io.ReadFull(r, raw[len(Magic):]); err != nil {
		return Preamble{}, nil, unexpected(err)
	}
	raw = raw[:preambleFixed+int(raw[preambleFixed-1])]
	if _, err := io.ReadFull(r, raw[preambleFixed:]); err != nil {
		return Preamble{}, nil, unexpected(err)
	}
	p, err := ParsePreamble(raw)
	if err != nil {
		return Preamble{}, nil, err
	}
	return p, raw, nil
}

// Answer is the called side's reply to a preamble.
//
//	magic 8 bytes "Impero\r\n" · version u16
//
// version is the one both go on with. A side that shares no version with the caller answers its own newest and sends a
// Refuse in clear.
type Answer struct{ Version uint16 }

// AnswerLen is the length of an Answer.
const AnswerLen = len(Magic) + 2

// Append appends the encoding of a.
func (a Answer) Append(b []byte) []byte {
	e := Encoder{B: append(b, Magic...)}
	e.U16(a.Version)
	return e.B
}

// ParseAnswer takes exactly one answer. It gives ErrNotImpero if the magic is another, else ErrMalformed.
func ParseAnswer(b []byte) (Answer, error) {
	d := Decoder{B: b}
	if !bytes.Equal(d.Take(len(Magic)), []byte(Magic)) {
		return Answer{}, ErrNotImpero
	}
	a := Answer{Version: d.U16()}
	if err := d.Close(); err != nil {
		return Answer{}, err
	}
	if a.Version == 0 {
		return Answer{}, malformed("version 0")
	}
	return a, nil
}

// ReadAnswer reads one answer and its raw bytes.
func ReadAnswer(r io.Reader) (Answer, []byte, error) {
	raw := make([]byte, AnswerLen)
	if err := readMagic(r, raw[:len(Magic)]); err != nil {
		return Answer{}, nil, err
	}
	if _, err := io.ReadFull(r, raw[len(Magic):]); err != nil {
		return Answer{}, nil, unexpected(err)
	}
	a, err := ParseAnswer(raw)
	if err != nil {
		return Answer{}, nil, err
	}
	return a, raw, nil
}

// readMagic reads the magic byte by byte, so that another protocol is told at its first wrong byte.
func readMagic(r io.Reader, b []byte) error {
	for i := range b {
		if _, err := io.ReadFull(r, b[i:i+1]); err != nil {
			return unexpected(err)
		}
		if b[i] != Magic[i] {
			return ErrNotImpero
		}
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// ChooseVersion gives the version that a called side speaking [OldestVersion, Version] goes on with, or the close code
// that tells the caller what is wrong with it.
func ChooseVersion(p Preamble) (uint16, CloseCode) {
	switch {
	case p.Newest < OldestVersion:
		return 0, CloseTooOld
	case p.Oldest > Version:
		return 0, CloseTooNew
	}
	return min(p.Newest, Version), CloseDone
}
