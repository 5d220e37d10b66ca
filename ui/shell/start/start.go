// Package start makes the Fyne application of a program. It is apart from
// ui/shell because it links the window system: everything else of ui is tested
// without one.
package start

import (
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"impero/core/version"
	"impero/ui/native"
	"impero/ui/shell"
)

// App makes the application and its shell. It must be called once, from main's
// goroutine, and fails where there is no display to open a window on.
func App(id string, o shell.Options) (*shell.Shell, error) {
	if err := CheckDisplay(); err != nil {
		return nil, fmt.Errorf("open a window: %w", err)
	}
	if o.Trouble != nil {
		takeComplaints(o.Trouble)
	}
	chooseWindows()
	app.SetMetadata(fyne.AppMetadata{ID: id, Name: o.Name, Version: version.Version})
	o.Room, o.Above, o.Quietly, o.Notifies = native.WorkArea, native.KeepAbove, native.ShowQuietly, notifies
	if dir, err := os.UserCacheDir(); err == nil {
		os.MkdirAll(dir, 0o700) // Fyne takes it for granted, and complains itself; a new account has none
	}
	a := app.NewWithID(id)
	keepNoPreferences(a)
	return shell.New(a, o), nil
}

// CheckDisplay tells whether a window can be opened; the error says in words
// why not.
func CheckDisplay() error { return native.CheckDisplay() }
