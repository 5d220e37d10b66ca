package shell

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/assets"
	"impero/ui/theme"
)

// Options describe a program to its shell.
type Options struct {
	// Program is "guest", "host" or "hostmanager": the application icon.
	Program string
	// Name is the program's name in windows, "Impero Guest"; not translated.
	Name string
	// Dir is the folder where the sizes of windows are remembered; empty
	// remembers nothing.
	Dir string
	// Post runs a function on the UI goroutine; nil for Fyne's own way there.
	// Tests give one of theirs: Fyne's test driver runs it on the caller's goroutine.
	Post func(func())
	// Room is the room for windows on the monitor of a window, in pixels; ok is
	// false where that is not known. Nil knows of none.
	Room func(fyne.Window) (width, height int, ok bool)
	// Above keeps a window that is shown above all others, at the top edge of the screen if edge is set; nil does nothing.
	Above func(w fyne.Window, edge bool) bool
	// Quietly shows a window that does not take the keyboard; nil for Fyne's own Show, which does.
	Quietly func(w fyne.Window)
	// Notifies says whether the desktop shows notifications; nil for one that does not.
	Notifies func() bool
	// Trouble hears of errors that no person can act on (a size that could not be
	// saved); nil ignores them.
	Trouble func(error)
}

// Shell is the windows' common ground in one program.
type Shell struct {
	App     fyne.App
	Name    string
	icon    fyne.Resource
	places  *places
	room    func(fyne.Window) (width, height int, ok bool)
	above   func(fyne.Window, bool) bool
	quietly func(fyne.Window)
	notes   func() bool
	trouble func(error)
	post    func(func())
	over    atomic.Bool // the UI goroutine has ended, or is about to
}

// New makes the shell of a program: theme, icon and language are set for all its
// windows. An icon or language that cannot be read is told to Trouble, and the
// program goes on without.
func New(app fyne.App, o Options) *Shell {
	s := &Shell{App: app, Name: o.Name, room: o.Room, above: o.Above, quietly: o.Quietly, notes: o.Notifies, trouble: o.Trouble, post: o.Post}
	if s.post == nil {
		s.post = fyne.Do
	}
	if s.trouble == nil {
		s.trouble = func(error) {}
	}
	s.places = openPlaces(o.Dir, s.trouble)
	app.Settings().SetTheme(theme.New())
	if icon, err := theme.AppIcon(o.Program); err != nil {
		s.trouble(err)
	} else {
		s.icon = icon
		app.SetIcon(icon)
	}
	if err := LoadLanguage(); err != nil {
		s.trouble(err)
	}
	return s
}

// LoadLanguage makes the texts of assets/lang known; the desktop's language is
// taken, English if there are no texts in it.
func LoadLanguage() error {
	if err := lang.AddTranslationsFS(assets.Lang, "lang"); err != nil {
		return fmt.Errorf("load texts: %w", err)
	}
	return nil
}

// Post runs f on the UI goroutine, soon, in the order of the calls. It may be
// called from any goroutine and does not wait.
func (s *Shell) Post(f func()) {
	s.post(func() {
		if !s.over.Load() { // Fyne would run it on the caller's goroutine, without a display
			f()
		}
	})
}

// Run runs the program's windows until Quit, the last of them closes or a signal
// ends the program.
func (s *Shell) Run() {
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var heeding sync.WaitGroup
	heeding.Go(func() { s.heed(signals, done) })
	s.App.Run()
	s.over.Store(true)
	signal.Stop(signals)
	close(done)
	heeding.Wait()
}

// heed waits for a signal: Fyne hears it as well, and ends the UI goroutine by
// itself.
func (s *Shell) heed(signals <-chan os.Signal, done <-chan struct{}) {
	select {
	case <-signals:
		s.over.Store(true)
	case <-done:
	}
}

// Quit ends Run; what is posted from now on is not run. Call it on the UI goroutine.
func (s *Shell) Quit() {
	s.over.Store(true)
	s.App.Quit()
}

// Notify shows a notification of the desktop, where there are any; it says whether there are.
func (s *Shell) Notify(text string) bool {
	if s.notes == nil || !s.notes() {
		return false
	}
	s.App.SendNotification(fyne.NewNotification(s.Name, text))
	return true
}

// Copy puts a text on the clipboard.
func (s *Shell) Copy(text string) { s.App.Clipboard().SetContent(text) }
