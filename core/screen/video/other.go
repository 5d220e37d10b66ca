//go:build !linux || !cgo

package video

import "impero/core/screen"

func formats() []screen.VideoFormat { return nil }
