// Package guest is the Guest's windows: the main window with Quick Connect and
// Connections, one small window per attempt to connect, one window per session.
// They show what ui/guest/presenter says and hand back what the person does.
//
// Everything belongs to the UI goroutine.
package guest
