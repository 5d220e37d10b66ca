package shell

import (
	"impero/ui/shell/level"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// LevelLook is how an encryption level is shown beside its words, the same in
// all windows: the lock, its tone on chips and bars, its colour elsewhere.
func LevelLook(s level.Strength) (theme.IconName, widgets.Tone, theme.Token) {
	switch s {
	case level.Full:
		return theme.IconLock, widgets.Good, theme.Success
	case level.Part:
		return theme.IconLockOpen, widgets.Warning, theme.Warning
	}
	return theme.IconLockOpen, widgets.Danger, theme.Danger
}

// LevelChip shows a level's name; what it means is the tooltip.
func LevelChip(l level.Level) *widgets.Chip {
	icon, tone, _ := LevelLook(l.Strength)
	return widgets.NewChip(widgets.ChipOptions{Text: Say(l.Name), Icon: icon, Tone: tone, Tip: Say(l.Line)})
}
