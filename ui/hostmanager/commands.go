package hostmanager

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// primary is the modifier of commands: Ctrl, on macOS Cmd.
const primary = fyne.KeyModifierShortcutDefault

// searchWidth is how wide the search is, in units.
const searchWidth = 250

// tools is the toolbar.
type tools struct {
	w          *Window
	bar        *widgets.Toolbar
	apply      *widgets.Button
	undo, redo *widgets.ToolItem
	load, save *widgets.ToolItem
	search     *widgets.Entry
	text       string // on apply
}

func newTools(w *Window) *tools {
	t := &tools{w: w}
	t.apply = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Apply…"), Importance: widgets.Primary, OnTapped: w.prepareApply,
		Tip: lang.L("Show what changes, then change it on the Host"), Shortcut: "Ctrl+S"})
	t.undo = &widgets.ToolItem{Text: lang.L("Undo"), Icon: theme.IconUndo, OnTapped: w.undo, Tip: lang.L("Take the last change back"), Shortcut: "Ctrl+Z"}
	t.redo = &widgets.ToolItem{Text: lang.L("Redo"), Icon: theme.IconRedo, OnTapped: w.redo, Tip: lang.L("Make the change again that was taken back"),
		Shortcut: "Ctrl+Shift+Z", IconOnly: true}
	t.load = &widgets.ToolItem{Text: lang.L("Import"), Icon: theme.IconImport, OnTapped: w.importFile, Tip: lang.L("Take the configuration from a file")}
	t.save = &widgets.ToolItem{Text: lang.L("Export"), Icon: theme.IconExport, OnTapped: w.exportFile,
		Tip: lang.L("Write the configuration to a file, without passwords")}
	t.search = widgets.NewEntry(widgets.EntryOptions{Icon: theme.IconSearch, Placeholder: lang.L("Search all attributes (Ctrl+F)"), MinWidth: searchWidth,
		OnChanged: func(text string) { w.table.find(text) }, OnSubmitted: func(string) { w.table.enterHits() }, OnKey: t.key})
	t.bar = widgets.NewToolbar(widgets.ToolbarOptions{
		Groups: [][]*widgets.ToolItem{{{Object: t.apply}, t.undo, t.redo}, {t.load, t.save}}, Right: []fyne.CanvasObject{t.search},
	})
	return t
}

// key takes what the search does with keys: Down goes into what was found, Esc
// ends it.
func (t *tools) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyDown:
		t.w.table.enterHits()
	case fyne.KeyEscape:
		t.w.table.closeSearch()
	default:
		return false
	}
	return true
}

// show makes the tools say what can be done.
func (t *tools) show() {
	m := t.w.m
	if text := shell.Say(m.ApplyWords()); text != t.text {
		t.text = text
		t.apply.SetText(text)
		t.bar.Refresh()
	}
	t.apply.SetDisabled(shell.Say(m.CanApply()))
	off := func(item *widgets.ToolItem, can bool, why string) {
		if can {
			why = ""
		}
		if item.Disabled != why {
			item.SetDisabled(why)
		}
	}
	off(t.undo, m.CanUndo(), lang.L("Nothing was changed."))
	off(t.redo, m.CanRedo(), lang.L("Nothing was taken back."))
	off(t.load, m.Editable(), lang.L("The configuration cannot be changed now."))
	off(t.save, m.Loaded(), lang.L("No configuration is loaded."))
}

// commands is the table of all that can be done in the window.
func (w *Window) commands() []shell.Menu {
	m := w.m
	not := func(can func() bool) func() bool { return func() bool { return !can() } }
	single := func() bool { kind := m.Kind(); return !m.Editable() || kind == nil || !kind.Repeats() }
	return []shell.Menu{
		{Label: lang.L("File"), Items: []*shell.Command{
			{Label: lang.L("Apply…"), Key: fyne.KeyS, Modifier: primary, Run: w.prepareApply, Off: func() bool { return !m.CanApply().Empty() }},
			nil,
			{Label: lang.L("Import…"), Run: w.importFile, Off: not(m.Editable)},
			{Label: lang.L("Export…"), Run: w.exportFile, Off: not(m.Loaded)},
			nil,
			{Label: lang.L("Exit"), Key: fyne.KeyQ, Modifier: primary, Run: w.Close, Quit: true},
		}},
		{Label: lang.L("Edit"), Items: []*shell.Command{
			{Label: lang.L("Undo"), Key: fyne.KeyZ, Modifier: primary, Run: w.undo, Off: not(m.CanUndo)},
			{Label: lang.L("Redo"), Key: fyne.KeyZ, Modifier: primary | fyne.KeyModifierShift, Run: w.redo, Off: not(m.CanRedo)},
			nil,
			{Label: lang.L("New…"), Key: fyne.KeyN, Modifier: primary, Run: func() { w.makeNew(w.tools.apply) }, Off: func() bool { return len(m.Makes()) == 0 }},
			{Label: lang.L("Copy element"), Key: fyne.KeyD, Modifier: primary, Run: w.copyElement, Off: single},
			{Label: lang.L("Rename"), Hint: "F2", Run: w.rename, Off: single},
			{Label: lang.L("Delete"), Hint: "Del", Run: w.deleteElement, Off: single},
			nil,
			{Label: lang.L("Edit value"), Hint: "Enter", Run: w.table.edit},
			{Label: lang.L("Search"), Key: fyne.KeyF, Modifier: primary, Run: w.goSearch},
		}},
		{Label: lang.L("View"), Items: []*shell.Command{
			{Label: lang.L("Back"), Key: fyne.KeyLeft, Modifier: fyne.KeyModifierAlt, Run: m.Back, Off: not(m.CanGoBack)},
			{Label: lang.L("Forward"), Key: fyne.KeyRight, Modifier: fyne.KeyModifierAlt, Run: m.Forth, Off: not(m.CanGoForth)},
			nil,
			{Label: lang.L("Changed only"), Key: fyne.KeyH, Modifier: primary, Run: w.table.toggleChanged},
			{Label: lang.L("Next pane"), Hint: "F6", Run: w.nextPane},
		}},
		{Label: lang.L("Help"), Items: []*shell.Command{
			{Label: lang.L("Keyboard"), Hint: "F1", Run: w.keyboard},
			{Label: lang.L("About"), Run: func() { w.sh.About(w.win) }},
		}},
	}
}

// shortcuts adds those that Fyne knows by names of its own, which no menu item
// gets.
func (w *Window) shortcuts() {
	c := w.win.Canvas()
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.undo() })
	c.AddShortcut(&fyne.ShortcutRedo{}, func(fyne.Shortcut) { w.redo() })
}

func (w *Window) keyboard() { w.sh.KeyboardHelp(w.win, w.menus) }

// covered says whether a dialog or menu lies over the window, whose commands then
// wait.
func (w *Window) covered() bool { return w.win.Canvas().Overlays().Top() != nil }

func (w *Window) undo() {
	if !w.covered() {
		w.table.endEdit(false)
		w.m.Undo()
	}
}

func (w *Window) redo() {
	if !w.covered() {
		w.table.endEdit(false)
		w.m.Redo()
	}
}

func (w *Window) prepareApply() {
	if !w.covered() {
		w.table.endEdit(true)
		w.m.PrepareApply()
	}
}

func (w *Window) goSearch() {
	if !w.covered() {
		w.table.endEdit(true)
		c := w.win.Canvas()
		if now := c.Focused(); now != fyne.Focusable(w.tools.search) && now != fyne.Focusable(w.table.hits.table) {
			w.before = now
		}
		c.Focus(w.tools.search)
		w.tools.search.SelectAll()
	}
}

// makeNew makes what can be made at the selected element, after a choice under
// under if that is more than one kind.
func (w *Window) makeNew(under fyne.CanvasObject) {
	list := w.m.Makes()
	switch {
	case w.covered() || len(list) == 0:
	case len(list) == 1:
		w.make(list[0])
	default:
		widgets.ShowMenuBelow(under, w.tree.newItems())
	}
}

func (w *Window) copyElement() {
	if !w.covered() {
		w.trouble(w.m.Copy())
	}
}

func (w *Window) deleteElement() {
	if !w.covered() {
		w.trouble(w.m.Delete())
	}
}

// rename edits the attribute that names the selected element.
func (w *Window) rename() {
	kind := w.m.Kind()
	if w.covered() || kind == nil || !kind.Repeats() {
		return
	}
	w.table.leaveSearch()
	w.m.GoTo(w.m.Selected(), kind.Label)
	w.table.edit()
}
