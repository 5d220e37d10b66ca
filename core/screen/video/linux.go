//go:build linux && cgo

package video

/*
#cgo LDFLAGS: -lyuv
#cgo pkg-config: openh264 vpx
#include <malloc.h>

// A block of 1 MiB or more is a mapping of its own, which goes back to the system when it is freed. By itself glibc raises that
// limit to the largest block that was freed, up to 32 MiB, and gives threads up to eight arenas a processor: codecs come and go,
// each with some megabytes, and what lay between stayed. A Host grew by 200 MB a minute.
static void giveMemoryBack(void) {
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_ARENA_MAX, 2);
}
*/
import "C"

import (
	"sync"

	"impero/core/screen"
	"impero/core/wire"
)

var giveMemoryBack = sync.OnceFunc(func() { C.giveMemoryBack() })

func formats() []screen.VideoFormat {
	giveMemoryBack()
	return []screen.VideoFormat{
		{Number: wire.VideoH264, NewEncoder: newH264Encoder, NewDecoder: newH264Decoder},
		{Number: wire.VideoVP8, NewEncoder: newVP8Encoder, NewDecoder: newVP8Decoder},
	}
}
