// Package host is the window of a Host: what its state is in one sentence, how
// Guests find it and log on, who is connected, and the dialogs that choose its
// password and stop it.
//
// Presenter turns the engine's state into a Model of phrases, without a word of
// Fyne; Window is the view that shows a Model. The engine works on the goroutine
// of Presenter.Run, never on the UI's. A Presenter's methods may be called from
// any goroutine; a Window belongs to the UI goroutine. A zero Model describes
// nothing.
package host
