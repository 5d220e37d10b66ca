package host

import (
	"encoding/binary"
	"fmt"

	"impero/core/wire"
)

// maxLeap is how far one update or layout may count on from the highest before it. An agent that could leap to the last
// number would leave nothing to those that come after it.
const maxLeap = 1 << 16

// marks are how far the agents of a Host have counted, so that the next one goes on above: to a Guest they are one. Its
// numbers are the reading goroutine's of the one agent there is.
type marks struct {
	used             bool // there was an agent
	sequence, layout uint32
}

// note looks at whole picture messages, and refuses what is none.
func (m *marks) note(data []byte) error {
	for len(data) > 0 {
		size, kind, err := wire.ParsePictureHeader(data)
		if err != nil {
			return err
		}
		if data = data[wire.PictureHeaderLen:]; size > len(data) || size < 4 {
			return fmt.Errorf("%w: a picture message of %d bytes in %d", wire.ErrMalformed, size, len(data))
		}
		number := binary.BigEndian.Uint32(data)
		switch kind {
		case wire.PictureUpdate:
			err = advance(&m.sequence, number)
		case wire.PictureLayout:
			err = advance(&m.layout, number)
		}
		if err != nil {
			return err
		}
		data = data[size:]
	}
	return nil
}

// advance moves mark up to number.
func advance(mark *uint32, number uint32) error {
	if number > *mark && number-*mark > maxLeap {
		return fmt.Errorf("%w: number %d after %d", wire.ErrMalformed, number, *mark)
	}
	*mark = max(*mark, number)
	return nil
}
