// Package guest is the controlling engine, without a window: it connects to a Host, checks who it is, logs on, decodes
// its screen and sends keyboard and mouse. Windows, tests and measurements drive the same engine.
//
// An Engine and a Session are safe for concurrent use. An Engine owns no goroutine between calls; a Session owns its
// own and Close returns after they are gone.
package guest
