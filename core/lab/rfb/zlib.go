package rfb

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// maxRest is how much compressed data may wait for the next rectangle: a server ends each one's data with a flush, whose
// last bytes may be read only then.
const maxRest = 64 << 10

// stream is a zlib stream that goes on from one rectangle to the next.
type stream struct {
	waiting bytes.Buffer
	inflate io.ReadCloser // nil before the first data after a reset
	old     io.ReadCloser // to be used again
}

// reset begins a new stream.
func (s *stream) reset() {
	if s.inflate != nil {
		s.old = s.inflate
	}
	s.inflate = nil
	s.waiting.Reset()
}

// feed adds compressed data and makes the stream ready to be read.
func (s *stream) feed(data []byte) error {
	if s.waiting.Len() > maxRest {
		return fmt.Errorf("%w: %d bytes of data too many", ErrProtocol, s.waiting.Len())
	}
	s.waiting.Write(data)
	if s.inflate != nil {
		return nil
	}
	var err error
	if s.old != nil {
		s.inflate, s.old = s.old, nil
		err = s.inflate.(zlib.Resetter).Reset(&s.waiting, nil)
	} else {
		s.inflate, err = zlib.NewReader(&s.waiting)
	}
	if err != nil {
		s.inflate = nil
		return fmt.Errorf("%w: %v", ErrProtocol, err)
	}
	return nil
}

// read fills b with what the data given so far says.
func (s *stream) read(b []byte) error {
	if _, err := io.ReadFull(s.inflate, b); err != nil {
		return fmt.Errorf("%w: compressed data: %v", ErrProtocol, err)
	}
	return nil
}
