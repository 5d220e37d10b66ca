// Package presenter is Host Manager without its window: what is edited, what
// waits, what is wrong, what is found, and how it gets to the Host. It knows no
// Fyne. A [Manager] belongs to the goroutine of the window; what takes time runs
// in [Manager.Run] and comes back through Options.Post.
//
// The configuration itself lives behind a [Backend]: the control API of the
// Host's daemon, or a file. A Manager edits a copy of it. It keeps the steps of
// a person, not only their outcome, so that they can be undone one by one and,
// when somebody else changed the configuration meanwhile, be done again on top.
package presenter
