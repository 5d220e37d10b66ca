//go:build linux && cgo

package video

/*
#cgo LDFLAGS: -lyuv
#cgo pkg-config: openh264 vpx
*/
import "C"

import (
	"impero/core/screen"
	"impero/core/wire"
)

func formats() []screen.VideoFormat {
	return []screen.VideoFormat{
		{Number: wire.VideoH264, NewEncoder: newH264Encoder, NewDecoder: newH264Decoder},
		{Number: wire.VideoVP8, NewEncoder: newVP8Encoder, NewDecoder: newVP8Decoder},
	}
}
