// Package version says which release of the suite this is.
//
// The release number is for people and for support; two programs decide
// whether they understand one another by the protocol version in core/wire
// and by the capabilities in their hellos, never by this number. Everything
// here is constant or pure and safe for concurrent use.
package version

import (
	"fmt"
	"runtime"
)

// Version is the release, as semantic versioning writes it. FyneApp.toml and
// packaging/CHANGELOG.md carry the same number; a test compares them.
const Version = "0.1.0"

// Line is what a program prints for --version: its name, the release, the
// compiler and the system it was built for, without a newline.
func Line(program string) string {
	return fmt.Sprintf("%s %s (%s, %s/%s)", program, Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
