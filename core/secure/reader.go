package secure

import (
	"io"

	"impero/core/wire"
)

// reader takes records from a stream through one buffer and lets them be opened in place. A read that fails with a
// timeout loses nothing: the next call goes on where it stopped.
//
// It begins small, and takes the memory for the longest record when one comes that needs it, or the connection is opened:
// a stranger who says little costs little.
type reader struct {
	from     io.Reader
	buf      []byte
	at, end  int // what was read and not yet taken is buf[at:end]
	maxBytes int // longest body
}

// firstBuffer holds a preamble and an ordinary hello.
const firstBuffer = 2 << 10

// newReader makes a reader of records whose body has at most limit bytes.
func newReader(from io.Reader, limit int) *reader {
	return &reader{from: from, buf: make([]byte, min(firstBuffer, limit+wire.HeaderLen)), maxBytes: limit}
}

// need waits until n bytes are there; n is at most that of the longest record. io.EOF means that not one byte was there.
func (r *reader) need(n int) error {
	if n > len(r.buf) {
		r.open()
	}
	if r.at+n > len(r.buf) {
		r.end = copy(r.buf, r.buf[r.at:r.end])
		r.at = 0
	}
	for r.end-r.at < n {
		if r.at == r.end {
			r.at, r.end = 0, 0
		}
		got, err := r.from.Read(r.buf[r.end:])
		r.end += got
		switch {
		case r.end-r.at >= n:
		case err == io.EOF && r.end > r.at:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
	return nil
}

// Read serves what comes before the records.
func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := r.need(1); err != nil {
		return 0, err
	}
	n := copy(p, r.buf[r.at:r.end])
	r.at += n
	return n, nil
}

// record gives the next record, whole, and its header. It is good until the next call.
func (r *reader) record() (h wire.Header, record []byte, err error) {
	if err := r.need(wire.HeaderLen); err != nil {
		return wire.Header{}, nil, err
	}
	if h, err = wire.ParseHeader(r.buf[r.at:r.at+wire.HeaderLen], r.maxBytes); err != nil {
		return wire.Header{}, nil, err
	}
	n := wire.HeaderLen + int(h.Length)
	if err := r.need(n); err != nil {
		return wire.Header{}, nil, err
	}
	record = r.buf[r.at : r.at+n : r.at+n]
	r.at += n
	return h, record, nil
}

// open takes the memory for the longest record. Nothing that was given is good any more.
func (r *reader) open() {
	if n := r.maxBytes + wire.HeaderLen; n > len(r.buf) {
		buf := make([]byte, n)
		r.end = copy(buf, r.buf[r.at:r.end])
		r.at, r.buf = 0, buf
	}
}

// grow lets records of up to limit bytes come; what was read already stays. Nothing that was given is good any more.
func (r *reader) grow(limit int) {
	r.maxBytes = max(r.maxBytes, limit)
	r.open()
}
