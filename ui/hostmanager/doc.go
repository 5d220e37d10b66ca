// Package hostmanager is the window of Host Manager: the tree of the
// configuration, the attributes of the selected element, what is told about
// them, and the messages. What it shows and does comes from the presenter
// beneath it; everything here belongs to the UI goroutine.
package hostmanager
