package host

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2/lang"

	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/shell/start"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// options starts Host Manager, where an administrator changes the Host. If it does not run, a dialog says why and what to do.
func (w *Window) options() {
	go func() {
		if err := w.manager(); err != nil {
			w.sh.Post(func() { w.optionsFailed(err) })
		}
	}()
}

func (w *Window) optionsFailed(err error) {
	ok := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), Importance: widgets.Primary})
	d := widgets.NewDialog(widgets.DialogOptions{
		Icon: theme.IconAlertTriangle, IconTone: widgets.Warning, Title: lang.L("Host Manager did not start"),
		Text: shell.Say(managerWords(err)), TextMuted: true, Buttons: []*widgets.Button{ok}, Focus: ok, Width: passwordWidth, OnCancel: w.guests.focus,
	})
	ok.SetOnTapped(d.Cancel)
	d.Open(w.win.Canvas())
}

// managerWords say why Host Manager does not run and what to do.
func managerWords(err error) phrase.Phrase {
	var ended *start.EndedError
	switch {
	case errors.Is(err, start.ErrNotInstalled):
		return phrase.New("The program ImperoHostManager is not on this computer. Ask an administrator to install it with this Host.")
	case errors.As(err, &ended):
		return phrase.With("It ended at once: {{.Reason}} Start ImperoHostManager in a terminal, or ask an administrator.",
			phrase.Args{"Reason": strings.TrimRight(strings.TrimPrefix(ended.Error(), "it ended at once: "), ".") + "."})
	}
	return phrase.With("The system refused it: {{.Reason}}. Ask an administrator.", phrase.Args{"Reason": strings.TrimRight(err.Error(), ".")})
}
