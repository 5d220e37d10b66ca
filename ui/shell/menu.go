package shell

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Menu is one menu of a main menu, or one block of the keyboard help.
type Menu struct {
	Label string // translated
	Items []*Command
}

// Command is something a person can do in a window. One table of commands makes
// the main menu, the shortcuts and the keyboard help. A nil *Command in a Menu
// is a line.
type Command struct {
	Label string // translated
	// Key and Modifier are the shortcut; an empty Key means none.
	Key      fyne.KeyName
	Modifier fyne.KeyModifier
	// Hint is written in the help instead of the shortcut, for keys that the menu
	// does not handle itself (F1, Enter).
	Hint string
	Run  func()
	// Off tells that it cannot be done now.
	Off func() bool
	// Quit marks the command that ends the program; macOS has its own place for it.
	Quit bool

	item *fyne.MenuItem
}

// Keys gives the shortcut as people read it, "Ctrl+L", empty for none.
func (c *Command) Keys() string {
	if c.Key == "" {
		return c.Hint
	}
	return keysText(c.Key, c.Modifier)
}

func keysText(key fyne.KeyName, m fyne.KeyModifier) string {
	var parts []string
	for _, part := range []struct {
		bit  fyne.KeyModifier
		name string
	}{
		{fyne.KeyModifierControl, "Ctrl"},
		{fyne.KeyModifierAlt, "Alt"},
		{fyne.KeyModifierShift, "Shift"},
		{fyne.KeyModifierSuper, superName},
	} {
		if m&part.bit != 0 {
			parts = append(parts, part.name)
		}
	}
	name := map[fyne.KeyName]string{fyne.KeyReturn: "Enter", fyne.KeyDelete: "Del", fyne.KeyEscape: "Esc"}[key]
	if name == "" {
		name = string(key)
	}
	return strings.Join(append(parts, name), "+")
}

// Bar is the main menu of one window.
type Bar struct {
	menus []Menu
	main  *fyne.MainMenu
}

// SetMenu gives a window its main menu. Shortcuts with a modifier work whatever
// has the focus; the canvas gets them too, for widgets that pass theirs on.
func SetMenu(w fyne.Window, menus []Menu) *Bar {
	b := &Bar{menus: menus, main: &fyne.MainMenu{}}
	for _, m := range menus {
		list := &fyne.Menu{Label: m.Label}
		for _, c := range m.Items {
			list.Items = append(list.Items, menuItem(c))
		}
		b.main.Items = append(b.main.Items, list)
	}
	b.update()
	w.SetMainMenu(b.main)
	return b
}

func menuItem(c *Command) *fyne.MenuItem {
	if c == nil {
		return fyne.NewMenuItemSeparator()
	}
	c.item = fyne.NewMenuItem(c.Label, c.Run)
	c.item.IsQuit = c.Quit
	if c.Key != "" && c.Modifier != 0 {
		c.item.Shortcut = &desktop.CustomShortcut{KeyName: c.Key, Modifier: c.Modifier}
	}
	return c.item
}

// Update asks every command again whether it can be done, and repaints if that
// changed.
func (b *Bar) Update() {
	if b.update() {
		b.main.Refresh()
	}
}

func (b *Bar) update() (changed bool) {
	for _, m := range b.menus {
		for _, c := range m.Items {
			if c == nil || c.Off == nil {
				continue
			}
			if off := c.Off(); off != c.item.Disabled {
				c.item.Disabled, changed = off, true
			}
		}
	}
	return changed
}
