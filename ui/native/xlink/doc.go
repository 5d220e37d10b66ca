// Package xlink is the windows' own way to the X server, beside Fyne's: a
// connection each, the X window behind one of Fyne's, and what the binding
// (xgb) lacks or does not do safely. It is empty on systems without X11.
//
// The binding keeps how to read an extension's events and errors in maps that
// all connections share, and writes them whenever one of them initialises the
// extension: a second session's window would crash the first one's reader. So
// this package fills the maps for all numbers before there is any connection,
// and Extension never touches them. Extensions' events come as Event.
package xlink
