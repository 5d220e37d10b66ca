//go:build unix && !darwin

package capture

import (
	"io"

	"github.com/jezek/xgb"
)

// quietLibrary silences the X library under the screenshot library, which writes to standard error whenever it connects,
// that is for every picture. Its logger is one for the whole process; nothing else of ours uses it.
func quietLibrary() { xgb.Logger.SetOutput(io.Discard) }
