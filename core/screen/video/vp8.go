package video

import (
	"encoding/binary"
	"fmt"
)

// checkVP8 reads the head of a VP8 frame (RFC 6386, 9.1), whose size decides how much memory a decoder takes.
func checkVP8(data []byte, key bool, w, h int) error {
	if len(data) < 3 {
		return fmt.Errorf("%w: %d bytes", errStream, len(data))
	}
	if isKey := data[0]&1 == 0; isKey != key || data[0]>>1&7 > 3 || data[0]>>4&1 == 0 {
		return fmt.Errorf("%w: frame %#x", errStream, data[0])
	}
	if !key {
		return nil
	}
	if len(data) < 10 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a {
		return fmt.Errorf("%w: no start code", errStream)
	}
	if width, height := binary.LittleEndian.Uint16(data[6:]), binary.LittleEndian.Uint16(data[8:]); int(width) != w || int(height) != h {
		return fmt.Errorf("%w: %d × %d, not %d × %d", errSize, width, height, w, h)
	}
	return nil
}
