//go:build !windows

package start

// Console does nothing here: a program has the terminal it was started in.
func Console() {}

// LeaveConsole does nothing here.
func LeaveConsole() {}

// Alert does nothing here: whoever starts a program hears its standard error.
func Alert(program string, err error) {}
