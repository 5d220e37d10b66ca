package widgets

import (
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/ui/theme"
)

// exhibit is one window of the gallery.
type exhibit struct {
	name string
	size fyne.Size // zero: its smallest
	make func() fyne.CanvasObject
	over func(w fyne.Window) // what opens over it
}

func exhibits() []exhibit {
	return []exhibit{
		{name: "guest", size: fyne.NewSize(1040, 636), make: exhibitGuest},
		{name: "empty", size: fyne.NewSize(860, 496), make: exhibitEmpty},
		{name: "narrow", size: fyne.NewSize(520, 300), make: exhibitGuest},
		{name: "host", size: fyne.NewSize(720, 496), make: exhibitHost},
		{name: "menu", size: fyne.NewSize(720, 496), make: exhibitHost, over: openExhibitMenu},
		{name: "apply", size: fyne.NewSize(860, 496), make: exhibitHost, over: openExhibitApply},
		{name: "logon", make: exhibitLogon},
		{name: "changed", make: exhibitChanged},
		{name: "confirm", make: exhibitConfirm},
	}
}

// TestGallery draws windows with every widget, light and dark, at two scales,
// and fails where a part stands between units or outside its window. Set
// IMPERO_GALLERY to a folder to get the pictures.
func TestGallery(t *testing.T) {
	variants := map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark}
	for name, v := range variants {
		for _, scale := range []float32{1, 1.5} {
			for _, e := range exhibits() {
				t.Run(fmt.Sprintf("%s-%s-%g", e.name, name, scale), func(t *testing.T) { hang(t, e, v, scale, name) })
			}
		}
	}
}

func hang(t *testing.T, e exhibit, v fyne.ThemeVariant, scale float32, variant string) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.Fixed(v))
	w := test.NewWindow(nil)
	defer w.Close()
	w.Canvas().(software.WindowlessCanvas).SetScale(scale)
	o := e.make()
	switch root := o.(type) {
	case *Frame:
		root.Attach(w)
	case *Dialog:
		root.Attach(w)
	}
	size := e.size
	if size.IsZero() {
		size = o.MinSize()
	}
	w.Resize(size)
	if e.over != nil {
		e.over(w)
	}
	wholeUnits(t, o, fyne.Position{})
	if dir := os.Getenv("IMPERO_GALLERY"); dir != "" {
		savePicture(t, w.Canvas(), filepath.Join(dir, fmt.Sprintf("%s-%s-%g.png", e.name, variant, scale)))
	}
}

func savePicture(t *testing.T, c fyne.Canvas, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, c.Capture()); err != nil {
		t.Fatal(err)
	}
}

// wholeUnits fails for every visible part of o that does not start on a whole
// unit.
func wholeUnits(t *testing.T, o fyne.CanvasObject, at fyne.Position) {
	t.Helper()
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if frac(at.X) || frac(at.Y) {
		t.Errorf("%T stands at %v", o, at)
	}
	switch v := o.(type) {
	case *Entry: // Fyne's own parts inside are on fractions
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(v).Objects() {
			wholeUnits(t, c, at)
		}
	case *fyne.Container:
		for _, c := range v.Objects {
			wholeUnits(t, c, at)
		}
	}
}

func frac(v float32) bool { return math.Abs(float64(v)-math.Round(float64(v))) > 0.01 }

func exhibitToolbar() *Toolbar {
	search := NewEntry(EntryOptions{Placeholder: "Search all tabs  (Ctrl+F)", Icon: theme.IconSearch, MinWidth: 228})
	return NewToolbar(ToolbarOptions{Groups: [][]*ToolItem{
		{
			{Text: "Remote control", Icon: theme.IconRemoteControl, Shortcut: "Enter"},
			{Text: "File transfer", Icon: theme.IconFileTransfer},
			{Text: "Tunnel", Icon: theme.IconTunnel, Disabled: "Your role on this Host does not allow tunnels."},
		},
		{
			{Text: "Save to phonebook", Icon: theme.IconPhonebookAdd},
			{Text: "Properties", Icon: theme.IconSliders, Shortcut: "Alt+Enter"},
		},
	}, Right: []fyne.CanvasObject{search}})
}

func exhibitStatus() *StatusBar {
	s := NewStatusBar()
	s.SetLeft(StatusItem{Text: "Ready", Icon: theme.IconCheckCircle, Tone: Good}, StatusItem{Text: "till-042 selected"})
	s.SetRight(StatusItem{Text: "2 profiles loaded"}, StatusItem{Text: "anna.berg on ops-laptop", Icon: theme.IconUser})
	return s
}

func exhibitConnect(message string) fyne.CanvasObject {
	host := NewField(FieldOptions{Label: "Host", Above: true, Helper: "A name, an IP address, or either with a port: till-042, 10.20.4.17, till-042:6502",
		Control: NewEntry(EntryOptions{Text: "till-042"})})
	host.SetError(message)
	profile := NewField(FieldOptions{Label: "Communication profile", Above: true,
		Control: NewSelect(SelectOptions{Options: []string{"Internet (TCP)", "LAN (UDP)"}, MinWidth: 210})})
	buttons := func(b *Button) fyne.CanvasObject { return Inset(21, 0, 0, 0, b) }
	return Inset(18, 16, 16, 16, RowAligned(14, AlignStart, Grow(host),
		RowAligned(8, AlignStart, profile, buttons(NewButton(ButtonOptions{Text: "Edit…", MinWidth: 64}))),
		buttons(NewButton(ButtonOptions{Text: "Connect", Importance: Primary, MinWidth: 104}))))
}

func exhibitRows() *Table {
	rows := [][]string{
		{"till-042", "10.20.4.17", "Internet (TCP)", "Today 09:12", "0:24:10", "Ended by you"},
		{"warehouse-pc-7", "10.20.9.103", "Internet (TCP)", "Today 08:41", "0:03:55", "Ended by the Host user"},
		{"reception", "reception.oslo.example", "Internet (TCP)", "Yesterday 17:40", "–", "Wrong password"},
		{"a-host-with-a-very-long-name-that-does-not-fit-in-the-column", "192.168.178.20:6510", "Internet (TCP)", "Yesterday 11:02", "1:12:31", "Ended by you"},
		{"dispenser-3", "fe80::1c2:44ff:fe1a:90b", "LAN (UDP)", "Thu 19 Nov, 16:22", "0:00:41", "Connection lost"},
	}
	icons := map[string]Cell{"Wrong password": {Icon: theme.IconAlertCircle, IconToken: theme.Danger}, "Connection lost": {Icon: theme.IconAlertTriangle, IconToken: theme.Warning}}
	t := NewTable(TableOptions{Columns: []Column{
		{Title: "Host", Width: 264, Sortable: true}, {Title: "Address", Width: 170, Sortable: true}, {Title: "Profile", Width: 140},
		{Title: "Last session", Width: 140, Sortable: true, Strong: true}, {Title: "Duration", Width: 98, Right: true, Strong: true}, {Title: "Result", Width: 150, Grow: true, Strong: true}},
		Rows: func() int { return len(rows) }, Sorted: 3, Descending: true, Multi: true,
		Cell: func(r, c int) Cell {
			cell := Cell{Text: rows[r][c]}
			switch c {
			case 0:
				cell.Icon, cell.IconToken = theme.IconMonitor, theme.Text
			case 5:
				cell.Icon, cell.IconToken = theme.IconCheckCircle, theme.Success
				if v, ok := icons[cell.Text]; ok {
					cell.Icon, cell.IconToken = v.Icon, v.IconToken
				}
			}
			return cell
		}})
	t.Select(0)
	return t
}

func exhibitGuest() fyne.CanvasObject {
	head := Sized(0, theme.PaneHeadHeight, Inset(0, 16, 0, 16, Row(8, NewText("Recent Hosts", TextOptions{Bold: true}), Spacer(),
		NewText("Enter connects  ·  right-click for more", TextOptions{Token: theme.Muted, Size: theme.CaptionSize}))))
	return NewFrame(FrameOptions{MinSize: fyne.NewSize(420, 260), HasMenu: true, Toolbar: exhibitToolbar(),
		Tabs:    NewTabStrip(TabStripOptions{Tabs: []string{"Quick Connect", "Phonebook", "History", "Connections (2)"}}),
		Content: Col(0, exhibitConnect(""), HLine(), head, HLine(), Grow(exhibitRows())), Status: exhibitStatus()})
}

func exhibitEmpty() fyne.CanvasObject {
	empty := NewEmptyState(EmptyStateOptions{Icon: theme.IconRemoteControl, Title: "No sessions yet",
		Lines: []string{"Type the name or address of a Host above and press Enter.", "Hosts you have been to are listed here. Right-click one to save it to the phonebook."}})
	return NewFrame(FrameOptions{Toolbar: exhibitToolbar(),
		Banner:  NewBanner(BannerOptions{Tone: Warning, Text: "The Host service is not running, so nothing can be changed.", Buttons: []*Button{NewButton(ButtonOptions{Text: "Try again"})}}),
		Content: Col(0, exhibitConnect("Nothing is called till-04 on this network. Check the spelling, or type the IP address."), HLine(), Grow(empty)), Status: exhibitStatus()})
}

func fact(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return Row(12, Sized(92, 0, NewLabel(label)), Grow(o))
}

func exhibitHost() fyne.CanvasObject {
	state := Inset(14, 16, 14, 16, Row(14, NewEmblem(theme.IconEye, Informative, 0),
		Grow(Col(4, NewText("Anna Berg sees and controls this computer", TextOptions{Size: 17, Bold: true, Ellipsis: true}), NewLabel("From 10.20.4.90 since 09:12. You can end it at any time."))),
		NewButton(ButtonOptions{Text: "Disconnect", Importance: Risky, MinWidth: 112})))
	copies := NewButton(ButtonOptions{Text: "Copy", Importance: Link})
	facts := Ground(theme.Header, Inset(12, 16, 14, 16, Col(7, fact("Name", NewText("till-042", TextOptions{Bold: true})),
		fact("Addresses", NewText("10.20.4.17   ·   fe80::1c2:44ff:fe1a:90b   ·   port 6502", TextOptions{})),
		fact("Fingerprint", Row(14, NewText("7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF", TextOptions{Mono: true}), copies)),
		fact("Log on with", NewText("Impero password, role Full control", TextOptions{})))))
	chips := Row(8, NewChip(ChipOptions{Text: "Full control", Icon: theme.IconUser}), NewChip(ChipOptions{Text: "Very high", Icon: theme.IconLock, Tone: Good}),
		NewChip(ChipOptions{Text: "No encryption", Icon: theme.IconLockOpen, Tone: Danger}))
	guests := NewTable(TableOptions{RowHeight: theme.TallRowHeight, Sorted: -1, Columns: []Column{{Title: "Guest", Width: 240, Grow: true}, {Title: "From", Width: 120},
		{Title: "Role", Width: 110, Strong: true}, {Title: "Encryption", Width: 100, Strong: true}, {Title: "Since", Width: 60, Strong: true}, {Width: 60}},
		Rows: func() int { return 2 }, Cell: func(r, c int) Cell {
			return [][]Cell{{{Text: "Anna Berg", Second: "Remote control", Icon: theme.IconUser}, {Text: "10.20.4.90"}, {Text: "Full control"}, {Text: "Very high"}, {Text: "09:12"},
				{Text: "Disconnect Anna Berg", Button: theme.IconClose}}, {{Text: "Ola Nordmann", Second: "File transfer", Icon: theme.IconUser}, {Text: "10.20.4.91"}, {Text: "View only"}, {Text: "High"}, {Text: "09:40"},
				{Text: "Disconnect Ola Nordmann", Button: theme.IconClose}}}[r][c]
		}})
	s := NewStatusBar()
	s.SetLeft(StatusItem{Text: "Communication started", Icon: theme.IconCheckCircle, Tone: Good}, StatusItem{Text: "TCP 1"})
	s.SetRight(StatusItem{Text: "Imperohostd running"}, StatusItem{Text: "since 06:02"})
	head := Sized(0, 38, Inset(0, 16, 0, 16, Row(8, NewText("Connected Guests", TextOptions{Bold: true}), NewText("2 of 8", TextOptions{Token: theme.Muted, Size: theme.LabelSize}), Spacer(), chips)))
	return NewFrame(FrameOptions{HasMenu: true, MinSize: fyne.NewSize(600, 440), Content: Col(0, state, HLine(), facts, HLine(), head, HLine(), Grow(guests)), Status: s})
}

func openExhibitMenu(w fyne.Window) {
	ShowMenu(w.Content(), fyne.NewPos(200, 150), []MenuItem{
		{Text: "Remote control of 3 Hosts", Icon: theme.IconRemoteControl, Shortcut: "Enter"}, {Text: "File transfer", Icon: theme.IconFileTransfer},
		{Text: "Tunnel", Icon: theme.IconTunnel, Disabled: "Your role does not allow tunnels."}, MenuSeparator(),
		{Text: "Connection Properties…", Icon: theme.IconSliders, Shortcut: "Alt+Enter"},
		{Text: "Move to", Icon: theme.IconFolder, Items: []MenuItem{{Text: "Oslo"}}}, MenuSeparator(),
		{Text: "Delete 3 records…", Icon: theme.IconClose, Shortcut: "Del"}})
}

func openExhibitApply(w fyne.Window) {
	changes := NewTable(TableOptions{Sorted: -1, Columns: []Column{{Title: "Element", Width: 180}, {Title: "Change", Width: 160, Grow: true, Strong: true}, {Title: "Takes effect", Width: 160}},
		Rows: func() int { return 2 }, Cell: func(r, c int) Cell {
			return Cell{Text: [][]string{{"Roles, Support desk", "Not set to Allow", "Now"}, {"Communication, TCP 1", "6502 to 6510", "Restarts communication"}}[r][c]}
		}})
	NewDialog(DialogOptions{Title: "Apply 3 changes to till-042?", Width: 720,
		Body:    Col(12, Sized(0, 114, changes), Notice(Warning, "Communication restarts, which ends 1 session: Anna Berg from 10.20.4.90.")),
		Buttons: []*Button{NewButton(ButtonOptions{Text: "Cancel"}), NewButton(ButtonOptions{Text: "Apply and restart", Importance: Primary})}}).Open(w.Canvas())
}

func exhibitLogon() fyne.CanvasObject {
	password := NewField(FieldOptions{Label: "Password", Control: NewEntry(EntryOptions{Text: "longpassword", Password: true})})
	password.SetError("User or password is wrong. 2 attempts left.")
	form := NewForm(NewField(FieldOptions{Label: "User", Control: NewEntry(EntryOptions{Text: "anna.berg"})}), password,
		Indent(NewCheck(CheckOptions{Text: "Remember until this Guest quits"})))
	return NewDialog(DialogOptions{Head: &DialogHead{Icon: theme.IconMonitor, Title: "till-042", Subtitle: "10.20.4.17:6502  ·  Internet (TCP)"},
		Title: "Log on to this Host", Body: form, Width: 480,
		Note:    Row(5, NewIcon(theme.IconShieldCheck, theme.Success, 0), NewText("Known Host, same key as always", TextOptions{Token: theme.Muted, Size: theme.LabelSize})),
		Buttons: []*Button{NewButton(ButtonOptions{Text: "Cancel"}), NewButton(ButtonOptions{Text: "Log on", Importance: Primary})}})
}

func exhibitChanged() fyne.CanvasObject {
	cards := RowAligned(12, AlignFill, Grow(NewCard(CardOptions{Title: "Known key", Groups: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF", Note: "Used 41 times since 3 March 2026", Strong: true})),
		Grow(NewCard(CardOptions{Title: "Key it shows now", Groups: "M1RD 8ZKQ 2FWT A6XH PN4C Y9GB 3SEV LJ7U", Note: "Seen for the first time", Tone: Danger, Strong: true})))
	body := Col(12, cards, NewText("What it can mean", TextOptions{Bold: true}),
		NewText("The Host was installed again or got a new identity, and someone can confirm that. Or another machine answers in its place, to read your password and your session.", TextOptions{Wrap: true}))
	return NewDialog(DialogOptions{Head: &DialogHead{Icon: theme.IconShieldAlert, Title: "This is not the Host you know", Subtitle: "till-042  ·  10.20.4.17:6502  ·  Internet (TCP)", Tone: Danger},
		Text: "Connecting was stopped before anything was sent. The Host at this address shows another key than the one this computer knows.", Body: body, Width: 560,
		Side:    []*Button{NewButton(ButtonOptions{Text: "Copy details", Icon: theme.IconCopy, Importance: Low})},
		Buttons: []*Button{NewButton(ButtonOptions{Text: "Open Known Hosts"}), NewButton(ButtonOptions{Text: "Close", Importance: Primary})}})
}

func exhibitConfirm() fyne.CanvasObject {
	refuse := NewButton(ButtonOptions{Text: "Refuse"})
	fingerprint := NewCard(CardOptions{Title: "Fingerprint of till-042", Groups: "7K2M Q4TX 9HDA R3WC VB6N 1YEP J8SG 5LZF", OnCopy: func() {}})
	return NewDialog(DialogOptions{Emblem: NewEmblem(theme.IconEye, Informative, 40), Title: "Let Anna Berg see and control this computer?", Text: "Say yes only if you expect this.", TextMuted: true,
		Body:    Col(12, Col(6, fact("Account", NewText("anna.berg (checked by this Host)", TextOptions{})), fact("From", NewText("10.20.4.90, ops-laptop", TextOptions{}))), fingerprint, Col(8, NewProgressBar(ProgressOptions{Value: 0.72}), NewCaption("Refused by itself in 22 seconds")), NewProgressBar(ProgressOptions{Value: 0.75, Segments: 4, Token: theme.Success})),
		Buttons: []*Button{NewButton(ButtonOptions{Text: "Only let watch"}), NewButton(ButtonOptions{Text: "Allow"}), refuse}, Focus: refuse, Primary: refuse, Guard: true})
}
