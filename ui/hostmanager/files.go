package hostmanager

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/core/config"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// importFile asks for a file and makes it the configuration.
func (w *Window) importFile() {
	if !w.covered() && w.m.Editable() {
		w.table.endEdit(true)
		w.askFile(lang.L("Import a configuration"), lang.L("It takes the place of everything shown, as one change that can be undone. Passwords that the file lacks stay."),
			lang.L("Import"), w.m.Import)
	}
}

// exportFile asks for a file and writes the configuration into it.
func (w *Window) exportFile() {
	if !w.covered() && w.m.Loaded() {
		w.table.endEdit(true)
		w.askFile(lang.L("Export the configuration"), lang.L("What is shown is written, with the changes that wait, without any password. A file that is there is replaced."),
			lang.L("Export"), w.m.Export)
	}
}

// askFile asks for the path of a file; act does what is to be done with it.
func (w *Window) askFile(title, text, verb string, act func(string) phrase.Phrase) {
	path := widgets.NewEntry(widgets.EntryOptions{Text: w.lastFile(), MinWidth: 300})
	field := widgets.NewField(widgets.FieldOptions{Label: lang.L("File"), Control: path})
	list := newFileList(path)
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	do := widgets.NewButton(widgets.ButtonOptions{Text: verb, Importance: widgets.Primary})
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: title, Text: text, TextMuted: true, Width: fileWidth,
		Body:    widgets.Col(theme.BlockGap, widgets.NewForm(field), widgets.Bordered(widgets.Sized(0, fileHigh, list.table))),
		Buttons: []*widgets.Button{stay, do}, Focus: path, OnCancel: w.table.focus,
	})
	stay.SetOnTapped(w.ask.Cancel)
	do.SetOnTapped(func() {
		trouble := lang.L("Type the whole path, from the top.")
		if filepath.IsAbs(path.Text) {
			trouble = shell.Say(act(path.Text))
		}
		if trouble != "" {
			field.SetError(trouble)
			w.ask.Refresh()
			return
		}
		w.file = path.Text
		w.ask.Close()
		w.table.focus()
	})
	w.ask.Open(w.win.Canvas())
	path.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
}

// lastFile is the file of the last time, else one in the person's own folder.
func (w *Window) lastFile() string {
	if w.file != "" {
		return w.file
	}
	return filepath.Join(w.home, config.FileName)
}

// Sizes of the dialog of a file, in units.
const (
	fileWidth = 620
	fileHigh  = 232
)

// maxFiles bounds how many entries of a folder are listed.
const maxFiles = 2000

// fileList shows the folder of the path that stands in an entry: its folders and
// its XML files.
type fileList struct {
	path   *widgets.Entry
	table  *widgets.Table
	folder string
	files  []os.DirEntry // the first, nil, leads to the folder around
}

func newFileList(path *widgets.Entry) *fileList {
	l := &fileList{path: path}
	l.table = widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{{Title: lang.L("Name"), Width: 240, Grow: true}},
		Rows:    func() int { return len(l.files) }, Cell: l.cell, Sorted: -1, OnAction: l.open, OnSelect: l.selected, NoHead: true,
	})
	path.SetOnChanged(func(string) { l.read() })
	l.read()
	return l
}

// read lists the folder of the path, if that is another one.
func (l *fileList) read() {
	folder := filepath.Dir(l.path.Text)
	if folder == l.folder || !filepath.IsAbs(folder) {
		return
	}
	f, err := os.Open(folder)
	if err != nil {
		return // the person is still typing
	}
	defer f.Close()
	entries, err := f.ReadDir(maxFiles)
	if err != nil && len(entries) == 0 && !errors.Is(err, io.EOF) {
		return
	}
	l.folder, l.files = folder, append(l.files[:0], nil)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && (e.IsDir() || e.Type().IsRegular() && strings.EqualFold(filepath.Ext(e.Name()), ".xml")) {
			l.files = append(l.files, e)
		}
	}
	slices.SortFunc(l.files[1:], func(a, b os.DirEntry) int {
		if a.IsDir() != b.IsDir() {
			return map[bool]int{true: -1, false: 1}[a.IsDir()]
		}
		return strings.Compare(a.Name(), b.Name())
	})
	l.table.Select(-1)
	l.table.Reload()
}

func (l *fileList) cell(row, _ int) widgets.Cell {
	e := l.files[row]
	switch {
	case e == nil:
		return widgets.Cell{Text: "..", Icon: theme.IconFolder}
	case e.IsDir():
		return widgets.Cell{Text: e.Name(), Icon: theme.IconFolder}
	}
	return widgets.Cell{Text: e.Name(), Icon: theme.IconDocument}
}

// selected puts a file into the path.
func (l *fileList) selected(rows []int) {
	if len(rows) == 1 && l.files[rows[0]] != nil && !l.files[rows[0]].IsDir() {
		l.path.SetText(filepath.Join(l.folder, l.files[rows[0]].Name()))
	}
}

// open goes into a folder; the name of the file stays.
func (l *fileList) open(row int) {
	name := filepath.Base(l.path.Text)
	switch e := l.files[row]; {
	case e == nil:
		l.path.SetText(filepath.Join(filepath.Dir(l.folder), name))
	case e.IsDir():
		l.path.SetText(filepath.Join(l.folder, e.Name(), name))
	}
}
