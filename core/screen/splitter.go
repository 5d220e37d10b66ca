package screen

import (
	"fmt"

	"impero/core/wire"
)

// Splitter cuts a byte stream, in pieces of any size, into picture messages. Its zero value is ready. It holds at most
// one message and the pieces fed since, and takes memory for bytes that are there, not for bytes that are promised.
type Splitter struct {
	buf  []byte
	from int // start of what Next has not given yet
	err  error
}

// keptSplit is the largest buffer that a Splitter keeps once it is empty.
const keptSplit = 1 << 20

// Feed adds a piece of the stream. It ends the life of all bodies that Next gave.
func (s *Splitter) Feed(piece []byte) {
	if s.from == len(s.buf) {
		if cap(s.buf) > keptSplit {
			s.buf = nil
		}
		s.buf, s.from = s.buf[:0], 0
	} else if s.from > 0 && len(s.buf)+len(piece) > cap(s.buf) {
		s.buf, s.from = s.buf[:copy(s.buf, s.buf[s.from:])], 0
	}
	s.buf = append(s.buf, piece...)
}

// Next gives the next whole message; ok is false if more of the stream is needed first. After an error there is no way on.
// Messages of optional kinds are given like others.
func (s *Splitter) Next() (kind uint8, body []byte, ok bool, err error) {
	rest := s.buf[s.from:]
	if s.err != nil || len(rest) < wire.PictureHeaderLen {
		return 0, nil, false, s.err
	}
	n, kind, err := wire.ParsePictureHeader(rest)
	if err != nil {
		s.err = fmt.Errorf("%w: %w", ErrPicture, err)
		return 0, nil, false, s.err
	}
	if len(rest)-wire.PictureHeaderLen < n {
		return 0, nil, false, nil
	}
	end := s.from + wire.PictureHeaderLen + n
	body = s.buf[s.from+wire.PictureHeaderLen : end : end]
	s.from = end
	return kind, body, true, nil
}
