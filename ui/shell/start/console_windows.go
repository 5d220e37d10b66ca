package start

import (
	"os"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/windows"
)

var (
	kernel        = windows.NewLazySystemDLL("kernel32.dll")
	attachConsole = kernel.NewProc("AttachConsole")
	freeConsole   = kernel.NewProc("FreeConsole")
)

// parentProcess is ATTACH_PARENT_PROCESS.
const parentProcess = ^uintptr(0)

// Console gives a program that was started in a console that console, which
// Windows gives window programs not by itself: for the standard streams that
// lead nowhere, and for Ctrl+C. Streams that were redirected stay. It must be
// called before anything else uses os.Stdin, os.Stdout or os.Stderr.
func Console() {
	in, out, errs := leads(os.Stdin), leads(os.Stdout), leads(os.Stderr)
	attachConsole.Call(parentProcess) // fails if it has one already, or was started by its icon
	replace := func(stream **os.File, keep bool, name string) {
		if keep {
			return
		}
		if console, err := os.OpenFile(name, os.O_RDWR, 0); err == nil {
			*stream = console
		}
	}
	replace(&os.Stdin, in, "CONIN$")
	replace(&os.Stdout, out, "CONOUT$")
	replace(&os.Stderr, errs, "CONOUT$")
}

// LeaveConsole parts from the console. It is for programs with a window, which
// would else end when somebody closes the console or presses Ctrl+C for another
// program in it; what they say there from now on is lost.
func LeaveConsole() { freeConsole.Call() }

// Alert shows in a box why a program with a window ends, if it has no standard
// error: who started it by its icon would hear nothing. It waits for the person.
func Alert(program string, err error) {
	if leads(os.Stderr) {
		return
	}
	first, size := utf8.DecodeRuneInString(err.Error())
	text, textErr := windows.UTF16PtrFromString(string(unicode.ToUpper(first)) + err.Error()[size:] + ".")
	title, titleErr := windows.UTF16PtrFromString(program)
	if textErr == nil && titleErr == nil {
		windows.MessageBox(0, text, title, windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
	}
}

// leads tells whether a standard stream leads anywhere.
func leads(stream *os.File) bool {
	if stream == nil {
		return false
	}
	_, err := windows.GetFileType(windows.Handle(stream.Fd()))
	return err == nil
}
