package guest

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// profileWidth is the width of the profile's field, in units.
const profileWidth = 210

// The columns of Recent Hosts.
const (
	colHost = iota
	colAddress
	colProfile
	colWhen
	colLength
	colResult
)

// quickTab is the Host field and the Hosts of the past.
type quickTab struct {
	m       *mainWindow
	root    fyne.CanvasObject
	host    *widgets.Entry
	field   *widgets.Field
	profile *widgets.Select
	table   *widgets.Table
	rows    []presenter.RecentRow
	past    int // of the desk when rows were read; -1 before
	sorted  int
	down    bool
	error   string
}

func newQuickTab(m *mainWindow) *quickTab {
	q := &quickTab{m: m, past: -1, sorted: colWhen, down: true}
	q.host = widgets.NewEntry(widgets.EntryOptions{
		OnChanged: func(string) { m.g.desk.Typed() }, OnSubmitted: func(string) { q.connect() }, OnKey: q.hostKey,
	})
	q.field = widgets.NewField(widgets.FieldOptions{Label: lang.L("Host"), Above: true, Control: q.host,
		Helper: lang.L("A name or an IP address, with a port if needed: 10.20.4.17, till-042:6502")})
	q.profile = widgets.NewSelect(widgets.SelectOptions{MinWidth: profileWidth})
	q.takeProfile(m.g.firstProfile())
	profile := widgets.NewField(widgets.FieldOptions{Label: lang.L("Communication profile"), Above: true, Control: q.profile})
	edit := widgets.NewField(widgets.FieldOptions{Label: " ", Above: true,
		Control: widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Edit…"), MinWidth: 64, Tip: lang.L("New, changed and deleted communication profiles"), OnTapped: m.openProfiles})})
	connect := widgets.NewField(widgets.FieldOptions{Label: " ", Above: true,
		Control: widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Connect"), Importance: widgets.Primary, MinWidth: 104, OnTapped: q.connect})})
	q.table = q.newTable()
	hint := widgets.NewText(lang.L("Enter connects  ·  right-click for more"), widgets.TextOptions{Token: theme.Muted, Size: theme.CaptionSize})
	head := widgets.Ground(theme.Surface, widgets.Inset(0, theme.Margin, 0, theme.Margin, widgets.Sized(0, theme.RowHeight+10,
		widgets.Row(theme.ButtonGap, widgets.NewText(lang.L("Recent Hosts"), widgets.TextOptions{Bold: true}), widgets.Spacer(), hint))))
	q.root = widgets.Col(0,
		widgets.Inset(theme.Margin, theme.Margin, 14, theme.Margin, widgets.RowAligned(14, widgets.AlignStart, widgets.Grow(q.field),
			widgets.RowAligned(theme.ButtonGap, widgets.AlignStart, profile, edit), connect)),
		widgets.HLine(), head, widgets.HLine(), widgets.Grow(q.table))
	return q
}

func (q *quickTab) newTable() *widgets.Table {
	return widgets.NewTable(widgets.TableOptions{
		Columns: []widgets.Column{
			colHost:    {Title: lang.L("Host"), Width: 250, MinWidth: 90, Sortable: true, Strong: true},
			colAddress: {Title: lang.L("Address"), Width: 166, MinWidth: 80, Sortable: true},
			colProfile: {Title: lang.L("Profile"), Width: 136, MinWidth: 70, Sortable: true},
			colWhen:    {Title: lang.L("Last session"), Width: 150, MinWidth: 90, Sortable: true, Strong: true},
			colLength:  {Title: lang.L("Duration"), Width: 76, MinWidth: 60, Sortable: true, Right: true, Strong: true},
			colResult:  {Title: lang.L("Result"), Width: 180, MinWidth: 90, Sortable: true, Strong: true, Grow: true},
		},
		Rows: func() int { return len(q.rows) }, Cell: q.cell, Multi: true,
		Key:        func(row int) string { return q.rows[row].Host + "\n" + q.rows[row].Profile },
		FindColumn: colHost, Sorted: q.sorted, Descending: q.down,
		OnSelect: q.chosen, OnAction: func(row int) { q.fill(row); q.connect() }, OnSort: q.sortBy, OnMenu: q.menu, OnKey: q.key,
		Empty: widgets.NewEmptyState(widgets.EmptyStateOptions{Icon: theme.IconRemoteControl, Title: lang.L("No sessions yet"), Lines: []string{
			lang.L("Type the name or address of a Host above and press Enter."),
			lang.L("Hosts you have been to are listed here."),
		}}),
	})
}

func (q *quickTab) cell(row, col int) widgets.Cell {
	r := &q.rows[row]
	switch col {
	case colHost:
		return widgets.Cell{Text: r.Host, Icon: theme.IconMonitor}
	case colAddress:
		return widgets.Cell{Text: r.Address}
	case colProfile:
		if r.Gone {
			return widgets.Cell{Text: r.Profile, Icon: theme.IconAlertTriangle, IconToken: theme.Warning, Tip: lang.L("This profile was deleted.")}
		}
		return widgets.Cell{Text: r.Profile}
	case colWhen:
		return widgets.Cell{Text: shell.Say(r.When), Tip: shell.Say(phrase.Count("{{.Count}} attempts to connect", r.Count, nil))}
	case colLength:
		return widgets.Cell{Text: r.Length}
	}
	icon, token := moodIcon(r.Mood)
	return widgets.Cell{Text: shell.Say(r.Result), Icon: icon, IconToken: token, Tip: r.Detail}
}

// moodIcon is the mark of a result.
func moodIcon(m presenter.Mood) (theme.IconName, theme.Token) {
	switch m {
	case presenter.Good:
		return theme.IconCheckCircle, theme.Success
	case presenter.Doubtful:
		return theme.IconAlertTriangle, theme.Warning
	}
	return theme.IconAlertCircle, theme.Danger
}

// update shows what the desk says now.
func (q *quickTab) update() {
	if wrong := shell.Say(q.m.g.desk.FieldError()); wrong != q.error {
		q.error = wrong
		q.field.SetError(wrong)
		q.root.Refresh() // an error may need more lines
		if wrong != "" {
			q.focus()
		}
	}
	if past := q.m.g.desk.Past(); past != q.past {
		q.past = past
		q.rows = q.m.g.desk.Recent()
		q.takeProfile(q.profile.Text())
		q.sort()
		q.table.Reload()
	}
}

// takeProfile offers the profiles there are, with one chosen; the first one if
// that is gone, or for no name the one chosen before.
func (q *quickTab) takeProfile(name string) {
	if name == "" {
		name = q.profile.Text()
	}
	names := q.m.g.desk.ProfileNames()
	q.profile.SetOptions(names, max(slices.Index(names, name), 0))
}

func (q *quickTab) focus() {
	q.host.SelectAll()
	q.m.win.Canvas().Focus(q.host)
}

// goToHost is Ctrl+L.
func (q *quickTab) goToHost() {
	if q.m.tabs.Selected() != tabQuick {
		q.m.tabs.Select(tabQuick) // gives the field the keyboard
		return
	}
	q.focus()
}

// connect connects to what stands in the field.
func (q *quickTab) connect() { q.m.g.desk.Connect(q.host.Text, q.profile.Text(), presenter.Logon{}) }

// hostKey opens the Hosts of the past that match, on Down.
func (q *quickTab) hostKey(ev *fyne.KeyEvent) bool {
	if ev.Name != fyne.KeyDown {
		return false
	}
	var items []widgets.MenuItem
	for _, host := range q.m.g.desk.Matches(q.host.Text, q.profile.Text()) {
		items = append(items, widgets.MenuItem{Text: host, Icon: theme.IconMonitor, OnTapped: func() { q.host.SetText(host) }})
	}
	widgets.ShowMenuBelow(q.host, items)
	return true
}

// chosen fills the field with the Host of the row selected.
func (q *quickTab) chosen(rows []int) {
	if len(rows) == 1 {
		q.fill(rows[0])
	}
	q.m.update()
}

func (q *quickTab) fill(row int) {
	q.host.SetText(q.rows[row].Host)
	q.takeProfile(q.m.g.desk.ProfileFor(q.rows[row]))
}

// selected is the Host of the row selected, empty if none.
func (q *quickTab) selected() string {
	if rows := q.table.Selected(); len(rows) == 1 && rows[0] < len(q.rows) {
		return q.rows[rows[0]].Host
	}
	return ""
}

func (q *quickTab) menu(rows []int) []widgets.MenuItem {
	remove := widgets.MenuItem{Text: lang.L("Remove from list"), Shortcut: "Del", Icon: theme.IconTrash, OnTapped: q.remove}
	switch len(rows) {
	case 0:
		return nil
	case 1:
	default:
		return []widgets.MenuItem{remove}
	}
	row := q.rows[rows[0]]
	return []widgets.MenuItem{
		{Text: lang.L("Remote control"), Shortcut: "Enter", Icon: theme.IconRemoteControl, OnTapped: q.connect},
		widgets.MenuSeparator(),
		{Text: lang.L("Copy Host"), Icon: theme.IconCopy, OnTapped: func() { q.m.g.sh.Copy(row.Host) }},
		{Text: lang.L("Copy address"), Icon: theme.IconCopy, OnTapped: func() { q.m.g.sh.Copy(row.Address) }},
		widgets.MenuSeparator(),
		remove,
	}
}

func (q *quickTab) sortBy(col int, down bool) {
	q.sorted, q.down = col, down
	q.sort()
	q.table.Reload()
}

func (q *quickTab) sort() {
	less := func(a, b presenter.RecentRow) int {
		switch q.sorted {
		case colAddress:
			return strings.Compare(a.Address, b.Address)
		case colProfile:
			return strings.Compare(a.Profile, b.Profile)
		case colWhen:
			return a.Start.Compare(b.Start)
		case colLength:
			return cmp.Compare(a.Duration, b.Duration)
		case colResult:
			return strings.Compare(shell.Say(a.Result), shell.Say(b.Result))
		}
		return strings.Compare(strings.ToLower(a.Host), strings.ToLower(b.Host))
	}
	slices.SortStableFunc(q.rows, func(a, b presenter.RecentRow) int {
		if q.down {
			return less(b, a)
		}
		return less(a, b)
	})
}
