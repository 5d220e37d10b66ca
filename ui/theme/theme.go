// Package theme is the one place that names colours, sizes, fonts and icons of
// the windows. Everything else asks it by token.
//
// New gives the theme an application sets; the variant, light or dark, comes
// from the desktop or from FYNE_THEME. Fixed gives the same theme in one
// variant. Dense, Plain and TreeRows are the theme for one area, put over it
// with container.NewThemeOverride.
//
// Values are immutable and safe for concurrent use, but Color, Icon's content
// and everything Fyne does belong to the UI goroutine.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// base is the theme of the whole application.
type base struct {
	fixed   bool
	variant fyne.ThemeVariant // counts when fixed
}

// New gives the theme that follows the variant of the desktop or FYNE_THEME.
func New() fyne.Theme { return &base{} }

// Fixed gives the theme in one variant, fyne's theme.VariantLight or
// theme.VariantDark, whatever the desktop says.
func Fixed(v fyne.ThemeVariant) fyne.Theme { return &base{fixed: true, variant: v} }

// Color implements fyne.Theme.
func (b *base) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if b.fixed {
		v = b.variant
	}
	s, ok := shadeOf(n)
	switch {
	case !ok:
		return fynetheme.DefaultTheme().Color(n, v)
	case v == fynetheme.VariantLight:
		return s.light
	default:
		return s.dark
	}
}

// Font implements fyne.Theme: Fyne's embedded faces, without italics.
func (b *base) Font(s fyne.TextStyle) fyne.Resource {
	s.Italic = false
	return fynetheme.DefaultTheme().Font(s)
}

// Icon implements fyne.Theme: Fyne's arrows, marks and edit icons are replaced
// by those of the own set, in the colour of text.
func (b *base) Icon(n fyne.ThemeIconName) fyne.Resource {
	if own, ok := replaced(n); ok {
		return Icon(own, Text)
	}
	return fynetheme.DefaultTheme().Icon(n)
}

// Size implements fyne.Theme.
func (b *base) Size(n fyne.ThemeSizeName) float32 {
	if v, ok := sizeOf(n); ok {
		return v
	}
	return fynetheme.DefaultTheme().Size(n)
}

// area is the application's theme with a few values changed for one area.
type area struct {
	fyne.Theme
	sizes     map[fyne.ThemeSizeName]float32
	plainFont bool
}

// Dense is for tables and lists made of Fyne's collection widgets: no padding
// between parts, 4 units inside, square rows.
func Dense(of fyne.Theme) fyne.Theme {
	return &area{Theme: of, sizes: map[fyne.ThemeSizeName]float32{
		fynetheme.SizeNamePadding:         0,
		fynetheme.SizeNameInnerPadding:    4,
		fynetheme.SizeNameSelectionRadius: 0,
	}}
}

// TreeRows is Dense for trees, whose rows have round corners.
func TreeRows(of fyne.Theme) fyne.Theme {
	return &area{Theme: of, sizes: map[fyne.ThemeSizeName]float32{
		fynetheme.SizeNamePadding:         0,
		fynetheme.SizeNameInnerPadding:    4,
		fynetheme.SizeNameSelectionRadius: ControlRadius,
	}}
}

// Plain is for bars whose words are not bold, whatever the widget asks for.
func Plain(of fyne.Theme) fyne.Theme { return &area{Theme: of, plainFont: true} }

// Size implements fyne.Theme.
func (a *area) Size(n fyne.ThemeSizeName) float32 {
	if v, ok := a.sizes[n]; ok {
		return v
	}
	return a.Theme.Size(n)
}

// Font implements fyne.Theme.
func (a *area) Font(s fyne.TextStyle) fyne.Resource {
	if a.plainFont {
		s.Bold = false
	}
	return a.Theme.Font(s)
}
