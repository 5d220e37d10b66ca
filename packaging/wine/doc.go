// Package wine tests the programs for Windows, on Linux, under Wine: a Guest of
// Windows at a Host of Linux, a Guest of Linux at a Host of Windows, what only
// Windows has (a console that must be asked for, files without modes, its service
// manager), Host Manager's window, and the tests of packages that touch the system.
//
// Its tests need the programs of both systems in bin and bin/windows, the C
// compiler for Windows and Wine, so they have a build tag of their own:
//
//	go test -tags x11,wayland,wine ./packaging/wine
//
// They keep everything in one Wine prefix of their own, which goes when they end.
// What Wine 8 lacks is made up for: a library that Go's runtime wants (testdata),
// and the way Go deletes folders, whose failures are passed over.
package wine
