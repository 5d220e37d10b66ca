package guest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Widths of the window of an attempt, and the height of the waiting words, in
// units.
const (
	attemptWidth  = 480
	identityWidth = 560 // a fingerprint fits in one line
	changedWidth  = 560
	waitHeight    = 62
)

// attemptWindow is the small window of one attempt to connect; its content
// changes step by step.
type attemptWindow struct {
	g      *Guest
	a      *presenter.Attempt
	win    fyne.Window
	stage  presenter.Stage // shown
	form   *logonForm      // in StageLogon
	update func()          // shows what changed within the stage; nil for nothing
}

func newAttemptWindow(g *Guest, a *presenter.Attempt) *attemptWindow {
	v := &attemptWindow{g: g, a: a}
	v.win = g.sh.Small(lang.L("Connect to {{.Host}}", map[string]any{"Host": a.Host()}))
	v.win.SetFixedSize(true)
	v.win.SetCloseIntercept(a.Cancel)
	a.OnChange = v.show
	v.show()
	v.win.CenterOnScreen()
	v.win.Show()
	return v
}

// show shows the attempt as it is now.
func (v *attemptWindow) show() {
	stage := v.a.Stage()
	if stage == presenter.StageGone {
		v.a.OnChange = nil
		delete(v.g.attempts, v.a)
		v.win.Close()
		return
	}
	if stage != v.stage || v.form != nil && !v.form.fits(v.a.Form()) {
		v.stage, v.form, v.update = stage, nil, nil
		v.dialog().Attach(v.win)
		if stage == presenter.StageIdentity || stage == presenter.StageChangedKey {
			v.win.CenterOnScreen() // they are larger than what was there
		}
	}
	if v.update != nil {
		v.update()
	}
}

// dialog makes the content for a stage.
func (v *attemptWindow) dialog() *widgets.Dialog {
	switch v.stage {
	case presenter.StageIdentity:
		return v.identity()
	case presenter.StageLogon:
		return v.logon()
	case presenter.StageFailed:
		return v.failed()
	case presenter.StageChangedKey:
		return v.changedKey()
	case presenter.StageWaiting:
		return v.waiting()
	}
	return v.connecting()
}

func (v *attemptWindow) head() *widgets.DialogHead {
	return &widgets.DialogHead{Icon: theme.IconMonitor, Title: v.a.Host(), Subtitle: v.a.Where()}
}

func (v *attemptWindow) cancelButton() *widgets.Button {
	return widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel"), OnTapped: v.a.Cancel})
}

// connecting tells which step is under way and for how long.
func (v *attemptWindow) connecting() *widgets.Dialog {
	step := widgets.NewText("", widgets.TextOptions{Ellipsis: true})
	seconds := widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Align: fyne.TextAlignTrailing})
	patience := widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.CaptionSize, Wrap: true, MaxWidth: attemptWidth - 2*theme.DialogMargin})
	line := widgets.Row(theme.ButtonGap, widgets.Grow(step), widgets.Sized(90, 0, seconds))
	v.update = func() {
		step.SetText(shell.Say(v.a.Progress()))
		seconds.SetText(shell.Say(v.a.Seconds()))
		patience.SetText(shell.Say(v.a.Patience()))
		line.Refresh()
	}
	cancel := v.cancelButton()
	return widgets.NewDialog(widgets.DialogOptions{
		Head: v.head(), Title: lang.L("Connecting"), Body: widgets.Sized(0, waitHeight, widgets.Col(6, line, patience)),
		Buttons: []*widgets.Button{cancel}, Focus: cancel, Width: attemptWidth, OnCancel: v.a.Cancel,
	})
}

// waiting tells that the Host's user is asked, and for how long yet.
func (v *attemptWindow) waiting() *widgets.Dialog {
	bar := widgets.NewProgressBar(widgets.ProgressOptions{Value: 1})
	seconds := widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize})
	v.update = func() {
		bar.SetValue(v.a.Left())
		seconds.SetText(shell.Say(v.a.Seconds()))
	}
	cancel := v.cancelButton()
	return widgets.NewDialog(widgets.DialogOptions{
		Head: v.head(), Title: lang.L("Waiting for the Host user"),
		Text: lang.L("The person at {{.Host}} is asked whether you may connect.", map[string]any{"Host": v.a.Host()}),
		Body: widgets.Sized(0, waitHeight, widgets.Col(7, bar, seconds)), Buttons: []*widgets.Button{cancel}, Focus: cancel, Width: attemptWidth, OnCancel: v.a.Cancel,
	})
}

// identity asks at first contact. The focus is on Cancel, and keys are ignored
// at first: nobody says yes by typing on.
func (v *attemptWindow) identity() *widgets.Dialog {
	id := v.a.Identity()
	places := map[string]any{"Host": v.a.Called(), "Name": id.HostName}
	text := lang.L("You have not connected to {{.Host}} from this computer before, so its identity cannot be checked for you.", places)
	if id.HostName != "" && id.HostName != v.a.Host() {
		text += " " + lang.L("It calls itself {{.Name}}.", places)
	}
	question := lang.L("Compare the fingerprint with the one in the Host's window, or ask the person who looks after it. Read it out group by group.")
	if len(id.KnownAs) > 0 {
		places["Known"] = strings.Join(id.KnownAs, ", ")
		text = lang.L("You have not connected to {{.Host}} from this computer before, but you know this Host: it has the key of {{.Known}}.", places)
		question = lang.L("If that is the computer you mean to reach here, continue. It has proven that it is the same one.")
	}
	cancel := v.cancelButton()
	yes := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("It matches, continue"), Importance: widgets.Primary, OnTapped: func() { v.a.Accept(true) }})
	return widgets.NewDialog(widgets.DialogOptions{
		Head: v.head(), Title: lang.L("Is this the Host you mean?"), Text: text,
		Body: widgets.Col(theme.BlockGap,
			widgets.NewCard(widgets.CardOptions{Title: lang.L("Fingerprint of {{.Host}}", places), Groups: id.Fingerprint,
				OnCopy: func() { v.g.sh.Copy(id.Fingerprint) }}),
			widgets.NewText(question, widgets.TextOptions{Token: theme.Muted, Wrap: true})),
		Note: levelLine(v.a.Level()), Buttons: []*widgets.Button{cancel, yes}, Focus: cancel, Width: identityWidth, Guard: true,
		OnCancel: func() { v.a.Accept(false) },
	})
}

// failed says what went wrong and what to do.
func (v *attemptWindow) failed() *widgets.Dialog {
	t := v.a.Trouble()
	buttons := []*widgets.Button{widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), OnTapped: v.a.Cancel})}
	if t.Profile {
		buttons = append(buttons, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Edit profile"),
			OnTapped: func() { v.g.openProfileWindow(v.a.Target().Profile, v.a.Again) }}))
	}
	if t.Again {
		buttons = append(buttons, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Try again"), OnTapped: v.a.Again}))
	}
	last := buttons[len(buttons)-1]
	last.SetImportance(widgets.Primary)
	return widgets.NewDialog(widgets.DialogOptions{
		Head: v.head(), Icon: theme.IconAlertCircle, IconTone: widgets.Danger, Title: shell.Say(t.Title), Text: shell.Say(t.Text),
		Side: []*widgets.Button{v.copyDetails(t.Details)}, Buttons: buttons, Focus: last, Width: attemptWidth, OnCancel: v.a.Cancel,
	})
}

func (v *attemptWindow) copyDetails(details string) *widgets.Button {
	return widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Copy details"), Icon: theme.IconCopy, Importance: widgets.Low,
		OnTapped: func() { v.g.sh.Copy(details) }})
}

// changedKey tells that the Host is not the one that is known. There is no way
// on from here.
func (v *attemptWindow) changedKey() *widgets.Dialog {
	t, keys := v.a.Trouble(), v.a.Changed()
	known := widgets.NewCard(widgets.CardOptions{Title: lang.L("Known key"), Groups: keys.Known, Note: shell.Say(v.a.KnownUse()), Strong: true})
	shown := widgets.NewCard(widgets.CardOptions{Title: lang.L("Key it shows now"), Groups: keys.Shown, Note: lang.L("Seen for the first time"),
		Tone: widgets.Danger, Strong: true})
	bold := func(s string) fyne.CanvasObject { return widgets.NewText(s, widgets.TextOptions{Bold: true}) }
	wrapped := func(s string) fyne.CanvasObject { return widgets.NewText(s, widgets.TextOptions{Wrap: true}) }
	hosts := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Open Known Hosts"), OnTapped: func() {
		v.a.Cancel()
		v.g.openKnownHosts()
	}})
	closing := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary, OnTapped: v.a.Cancel})
	details := t.Details + "\n" + "known: " + keys.Known + "\n" + "shown: " + keys.Shown
	return widgets.NewDialog(widgets.DialogOptions{
		Head: &widgets.DialogHead{Icon: theme.IconShieldAlert, Title: shell.Say(t.Title), Subtitle: v.a.Host() + "  ·  " + v.a.Where(), Tone: widgets.Danger},
		Text: shell.Say(t.Text),
		Body: widgets.Col(theme.BlockGap,
			widgets.RowAligned(12, widgets.AlignFill, widgets.Grow(known), widgets.Grow(shown)),
			widgets.Col(4, bold(lang.L("What it can mean")),
				wrapped(lang.L("The Host was installed again or got a new identity, and someone can confirm that. Or another machine answers in its place, to read your password and your session."))),
			widgets.Col(4, bold(lang.L("What to do")),
				wrapped(lang.L("Ask the person who looks after {{.Host}}, by phone and not by a message through this network. If the change is confirmed, forget the known key under Tools > Known Hosts, then connect again and compare.", map[string]any{"Host": v.a.Host()})))),
		Side: []*widgets.Button{v.copyDetails(details)}, Buttons: []*widgets.Button{hosts, closing},
		Focus: closing, Width: changedWidth, Guard: true, OnCancel: v.a.Cancel,
	})
}
