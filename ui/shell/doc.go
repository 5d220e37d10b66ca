// Package shell is what the windows of every program share: language, the one
// way to the UI goroutine, windows that remember their size, menus with their
// shortcuts, the clipboard, About and the keyboard help.
//
// A program starts with shell/start, the only package that makes a Fyne
// application, and gives the result to New. Everything here belongs to the UI
// goroutine except Post, which is how others get there.
package shell
