// Package assets carries the files every program is built with: the icon set,
// the application icons and the texts of each language.
//
// Icons are SVG files on a 16 unit grid, drawn with strokes of 1.35 units in
// the colour "currentColor"; ui/theme writes the colour of a token into them.
// guest, host and hostmanager are the application icons, as SVG in their own colours and as
// PNG of 256 pixels. The file systems are read-only and safe for concurrent use.
package assets

import "embed"

// Icons holds icons/*.svg and the application icons as PNG.
//
//go:embed icons
var Icons embed.FS

// Lang holds lang/<language>.json, one flat object of key to text each.
//
//go:embed lang
var Lang embed.FS
