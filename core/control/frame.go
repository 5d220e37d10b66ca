package control

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// Errors of messages.
var (
	// ErrTooLarge says that a message is larger than its sender may send now.
	ErrTooLarge = errors.New("the message is too large")
	// ErrForm says that a message is not in the form in which they are written.
	ErrForm = errors.New("the message is not in the form that this protocol has")
)

// lengthSize is that of the length before a message.
const lengthSize = 4

// ReadLength reads how long the next message is. It is at most limit.
func ReadLength(r io.Reader, limit int) (int, error) {
	var head [lengthSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > uint32(limit) {
		return 0, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, n, limit)
	}
	return int(n), nil
}

// ReadBody reads a message of n bytes. Memory grows with what has come.
func ReadBody(r io.Reader, n int) ([]byte, error) {
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, int64(n)); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b.Bytes(), nil
}

// ParseRequest reads a request. It takes exactly what [AppendMessage] writes.
func ParseRequest(body []byte) (*Request, error) {
	r := new(Request)
	if err := parse(body, r); err != nil {
		return nil, err
	}
	if r.ID == 0 || r.Op == "" {
		return nil, fmt.Errorf("%w: it has no number or wants nothing", ErrForm)
	}
	return r, nil
}

// ParseReply reads a reply, in the same way.
func ParseReply(body []byte) (*Reply, error) {
	r := new(Reply)
	return r, parse(body, r)
}

func parse(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, secretless(err))
	}
	again, err := marshal(into)
	if err != nil || !bytes.Equal(again, body) {
		return ErrForm
	}
	return nil
}

// secretless keeps a part of a message, which may be a password, out of an error.
func secretless(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("at byte %d, in %s", kind.Offset, kind.Field)
	}
	return errors.New("there is a field that it does not have")
}

func marshal(m any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // configurations are full of angle brackets
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// AppendMessage gives a *[Request] or *[Reply] with its length before it.
func AppendMessage(m any) ([]byte, error) {
	body, err := marshal(m)
	if err == nil && bytes.Contains(body, []byte(`\ufffd`)) {
		body, err = settle(m, body)
	}
	if err != nil {
		return nil, fmt.Errorf("write a message: %w", err)
	}
	if len(body) > MaxLarge {
		return nil, ErrTooLarge
	}
	return append(binary.BigEndian.AppendUint32(make([]byte, 0, lengthSize+len(body)), uint32(len(body))), body...), nil
}

// settle gives the one form of a message that has bytes which are no text: they become U+FFFD for good.
func settle(m any, body []byte) ([]byte, error) {
	again := reflect.New(reflect.TypeOf(m).Elem()).Interface()
	if err := json.Unmarshal(body, again); err != nil {
		return nil, err
	}
	return marshal(again)
}
