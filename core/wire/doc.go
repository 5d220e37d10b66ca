// Package wire is the Impero Connect protocol on paper and in Go: the preamble, the outer record header, frames, every
// message with its layout, the order in which they may come, limits, versions and close codes. PROTOCOL.md beside this
// file is the specification; tests hold the two together.
//
// Parsers are pure, take exactly the canonical encoding (what parses encodes to the same bytes), check every limit
// before they allocate, and never panic. Byte fields of a parsed message alias the input. Nothing here does I/O except
// ReadRecord and ReadPreamble, and nothing holds a lock: a Checker belongs to one goroutine.
package wire
