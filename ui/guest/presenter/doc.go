// Package presenter is what the Guest's windows show and do, without the
// windows: it drives the engine, keeps the state of each attempt and session,
// and says in phrases what a view shows. It imports no Fyne and is tested
// without a window.
//
// Everything belongs to one goroutine, the UI goroutine, which Config.Post
// reaches; calls of the engine that may wait run on goroutines of their own,
// which Desk.Close ends and waits for.
package presenter
