package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Token names a colour by its use. The values are Fyne colour names where Fyne
// has one for the use, so that Fyne's own widgets take the same colour.
type Token = fyne.ThemeColorName

// Grounds, lines and texts.
const (
	Chrome         = fynetheme.ColorNameBackground       // menu bar, toolbar, tabs, status bar, dialog foot
	Surface        = fynetheme.ColorNameInputBackground  // where the content is: tables, forms, inputs
	Header         = fynetheme.ColorNameHeaderBackground // table heads, hint strip, cards
	Raised         = fynetheme.ColorNameMenuBackground   // menus, overlays, tooltips
	Border         = fynetheme.ColorNameSeparator        // decorative lines only
	InputBorder    = fynetheme.ColorNameInputBorder      // edges one must see
	Text           = fynetheme.ColorNameForeground
	Muted          = fynetheme.ColorNamePlaceHolder // labels, secondary columns, hints
	Disabled       = fynetheme.ColorNameDisabled
	DisabledButton = fynetheme.ColorNameDisabledButton
	Button         = fynetheme.ColorNameButton // secondary buttons, neutral chips
	ScrollBar      = fynetheme.ColorNameScrollBar

	Stage   Token = "stage"   // behind and around the remote picture, dark in both variants
	Overlay Token = "overlay" // the shade under a dialog
)

// States.
const (
	Accent     = fynetheme.ColorNamePrimary
	OnAccent   = fynetheme.ColorNameForegroundOnPrimary
	AccentSoft = Token("accentSoft")

	Selection = fynetheme.ColorNameSelection
	Hover     = fynetheme.ColorNameHover
	Pressed   = fynetheme.ColorNamePressed
	Focus     = fynetheme.ColorNameFocus
	Shadow    = fynetheme.ColorNameShadow

	Danger      = fynetheme.ColorNameError
	OnDanger    = fynetheme.ColorNameForegroundOnError
	DangerSoft  = Token("dangerSoft")
	Warning     = fynetheme.ColorNameWarning
	OnWarning   = fynetheme.ColorNameForegroundOnWarning
	WarningSoft = Token("warningSoft")
	Success     = fynetheme.ColorNameSuccess
	OnSuccess   = fynetheme.ColorNameForegroundOnSuccess
	SuccessSoft = Token("successSoft")
)

// How a part of the remote picture came, over whatever it shows. The hues are
// told apart with any colour vision too, with what stands beside them in a legend.
const (
	HeatMoved   Token = "heatMoved"
	HeatCached  Token = "heatCached"
	HeatExact   Token = "heatExact"
	HeatJPEG    Token = "heatJPEG"
	HeatVideo   Token = "heatVideo"
	HeatSketch  Token = "heatSketch"
	HeatRefined Token = "heatRefined"
)

// Color gives the colour of a token in the running theme. It is for canvas
// objects, which must ask again in each Refresh: the theme changes at run time.
func Color(t Token) color.Color { return fynetheme.Color(t) }

// shade is a colour of one token in both variants.
type shade struct{ light, dark color.NRGBA }

// rgb reads 0xRRGGBB as an opaque colour.
func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// rgba is rgb with an opacity in per cent.
func rgba(v uint32, percent uint32) color.NRGBA {
	c := rgb(v)
	c.A = uint8((percent*255 + 50) / 100)
	return c
}

func pair(light, dark uint32) shade { return shade{rgb(light), rgb(dark)} }

// shadeOf gives both colours of a token; ok is false for a name that is no
// token, which then is Fyne's own business.
func shadeOf(t Token) (shade, bool) {
	if s, ok := groundShade(t); ok {
		return s, true
	}
	if s, ok := heatShade(t); ok {
		return s, true
	}
	return stateShade(t)
}

// heatShade is one for both variants: the picture below is not the theme's.
func heatShade(t Token) (shade, bool) {
	v, ok := map[Token]uint32{
		HeatMoved: 0x56B4E9, HeatCached: 0x009E73, HeatExact: 0xE3D21C, HeatJPEG: 0xF08A00, HeatVideo: 0xD81B3C, HeatSketch: 0xCC79A7, HeatRefined: 0x3D5AFE,
	}[t]
	return pair(v, v), ok
}

func groundShade(t Token) (shade, bool) {
	switch t {
	case Chrome:
		return pair(0xF2F4F7, 0x20242B), true
	case Surface, "surface":
		return pair(0xFFFFFF, 0x181B20), true
	case Header:
		return pair(0xF7F8FA, 0x1D2127), true
	case Raised, fynetheme.ColorNameOverlayBackground, "raised":
		return pair(0xFFFFFF, 0x2A2F38), true
	case Border, "border":
		return pair(0xD8DDE4, 0x363C47), true
	case InputBorder:
		return pair(0x858E9B, 0x6F7886), true
	case Text:
		return pair(0x1B2028, 0xE6E9EE), true
	case Muted, "muted":
		return pair(0x565F6D, 0xA3ABB8), true
	case Disabled:
		return pair(0x8D95A1, 0x6C7481), true
	case DisabledButton:
		return pair(0xECEFF3, 0x282D35), true
	case Button:
		return pair(0xE4E8EE, 0x363C48), true
	case ScrollBar:
		return shade{rgba(0x101828, 40), rgba(0xFFFFFF, 40)}, true
	case fynetheme.ColorNameScrollBarBackground:
		return shade{}, true // the bar stands on the content, without a lane
	case Stage:
		return pair(0x14171C, 0x0E1013), true
	case Overlay:
		return shade{rgba(0x101828, 50), rgba(0x000000, 63)}, true
	}
	return shade{}, false
}

func stateShade(t Token) (shade, bool) {
	switch t {
	case Accent, fynetheme.ColorNameHyperlink:
		return pair(0x2456C9, 0x8AB0FF), true
	case OnAccent:
		return pair(0xFFFFFF, 0x0C1A38), true
	case AccentSoft:
		return pair(0xE6EDFC, 0x24324F), true
	case Selection:
		return pair(0xDCE7FD, 0x2B3E66), true
	case Hover:
		return shade{rgba(0x101828, 6), rgba(0xFFFFFF, 7)}, true
	case Pressed:
		return shade{rgba(0x101828, 14), rgba(0xFFFFFF, 14)}, true
	case Focus:
		return shade{rgba(0x2456C9, 35), rgba(0x8AB0FF, 40)}, true
	case Shadow:
		return shade{rgba(0x101828, 22), rgba(0x000000, 50)}, true
	case Danger:
		return pair(0xB42318, 0xFF9389), true
	case OnDanger:
		return pair(0xFFFFFF, 0x3B0703), true
	case DangerSoft:
		return pair(0xFCEBE9, 0x45221F), true
	case Warning:
		return pair(0x8A4B00, 0xF0BC62), true
	case OnWarning:
		return pair(0xFFFFFF, 0x2E1D00), true
	case WarningSoft:
		return pair(0xFDF1DC, 0x3D3018), true
	case Success:
		return pair(0x176B41, 0x6FD09B), true
	case OnSuccess:
		return pair(0xFFFFFF, 0x04240F), true
	case SuccessSoft:
		return pair(0xE3F4EA, 0x1B3A2A), true
	}
	return shade{}, false
}
