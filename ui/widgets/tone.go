package widgets

import "impero/ui/theme"

// Tone is how grave something is. It chooses colours; icon and words must say
// the same.
type Tone int

// The tones.
const (
	Neutral Tone = iota
	Informative
	Good
	Warning
	Danger
)

// soft is the ground of the tone.
func (t Tone) soft() theme.Token {
	switch t {
	case Informative:
		return theme.AccentSoft
	case Good:
		return theme.SuccessSoft
	case Warning:
		return theme.WarningSoft
	case Danger:
		return theme.DangerSoft
	}
	return theme.Button
}

// ink is the colour of text and icons in the tone.
func (t Tone) ink() theme.Token {
	switch t {
	case Informative:
		return theme.Accent
	case Good:
		return theme.Success
	case Warning:
		return theme.Warning
	case Danger:
		return theme.Danger
	}
	return theme.Text
}

// Icon is the icon that goes with the tone where none is given.
func (t Tone) Icon() theme.IconName {
	switch t {
	case Good:
		return theme.IconCheckCircle
	case Warning:
		return theme.IconAlertTriangle
	case Danger:
		return theme.IconAlertCircle
	}
	return theme.IconInfo
}
