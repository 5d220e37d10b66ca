package theme

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	fynetheme "fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.NRGBA) float64 {
	line := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*line(c.R) + 0.7152*line(c.G) + 0.0722*line(c.B)
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// over paints a translucent colour on a ground.
func over(top, ground color.NRGBA) color.NRGBA {
	mix := func(t, g uint8) uint8 {
		a := float64(top.A) / 255
		return uint8(math.Round(float64(t)*a + float64(g)*(1-a)))
	}
	return color.NRGBA{R: mix(top.R, ground.R), G: mix(top.G, ground.G), B: mix(top.B, ground.B), A: 255}
}

// pairing is what stands on what, and the least contrast it must have.
type pairing struct {
	ink, ground Token
	veil        Token // over the ground; none if empty
	least       float64
}

func pairings() []pairing {
	var all []pairing
	add := func(least float64, ink Token, grounds ...Token) {
		for _, g := range grounds {
			all = append(all, pairing{ink: ink, ground: g, least: least})
		}
	}
	plain := []Token{Chrome, Surface, Header, Raised}
	add(4.5, Text, append(plain, Selection, Button, AccentSoft, DangerSoft, WarningSoft, SuccessSoft)...)
	add(4.5, Muted, append(plain, Selection)...)
	for _, ink := range []Token{Accent, Danger, Warning, Success} {
		add(4.5, ink, append(plain, Selection)...)
	}
	add(4.5, Accent, AccentSoft)
	add(4.5, Danger, DangerSoft)
	add(4.5, Warning, WarningSoft)
	add(4.5, Success, SuccessSoft)
	add(4.5, OnAccent, Accent)
	add(4.5, OnDanger, Danger)
	add(4.5, OnWarning, Warning)
	add(4.5, OnSuccess, Success)
	add(3.0, InputBorder, Chrome, Surface, Header)
	add(3.0, Accent, plain...) // the solid focus ring
	add(3.0, Accent, Button)
	for _, veil := range []Token{Hover, Pressed} {
		all = append(all, pairing{Text, Surface, veil, 4.5}, pairing{Text, Chrome, veil, 4.5}, pairing{Muted, Surface, veil, 4.5})
		all = append(all, pairing{Text, Button, veil, 4.5}, pairing{OnAccent, Accent, veil, 4.5}, pairing{OnDanger, Danger, veil, 4.5})
	}
	return append(all, pairing{Muted, Chrome, Hover, 4.5}) // nothing muted on chrome can be pressed
}

func TestContrast(t *testing.T) {
	for _, light := range []bool{true, false} {
		of := func(k Token) color.NRGBA {
			s, ok := shadeOf(k)
			if !ok {
				t.Fatalf("no token %q", k)
			}
			if light {
				return s.light
			}
			return s.dark
		}
		for _, p := range pairings() {
			ground := of(p.ground)
			if p.veil != "" {
				ground = over(of(p.veil), ground)
			}
			// the two printed values are rounded to one decimal, as the table of tokens is
			if got := math.Round(contrast(of(p.ink), ground)*10) / 10; got < p.least {
				t.Errorf("light=%v: %s on %s %s has %.2f, must have %.1f", light, p.ink, p.ground, p.veil, got, p.least)
			}
		}
	}
}

// TestTableOfTokens holds the published values of a few tokens in both
// variants, and that a fixed theme ignores the variant asked for.
func TestTableOfTokens(t *testing.T) {
	for _, c := range []struct {
		token       Token
		light, dark string
	}{
		{Chrome, "F2F4F7FF", "20242BFF"}, {Surface, "FFFFFFFF", "181B20FF"}, {Accent, "2456C9FF", "8AB0FFFF"},
		{fynetheme.ColorNameHyperlink, "2456C9FF", "8AB0FFFF"}, {Danger, "B42318FF", "FF9389FF"}, {Hover, "1018280F", "FFFFFF12"},
		{Focus, "2456C959", "8AB0FF66"}, {Stage, "14171CFF", "0E1013FF"}, {Overlay, "10182880", "000000A1"}, {"surface", "FFFFFFFF", "181B20FF"},
	} {
		for v, want := range map[bool]string{true: c.light, false: c.dark} {
			variant := fynetheme.VariantDark
			if v {
				variant = fynetheme.VariantLight
			}
			for _, th := range []struct {
				name string
				got  color.Color
			}{{"New", New().Color(c.token, variant)}, {"Fixed", Fixed(variant).Color(c.token, 2)}, {"Dense", Dense(Fixed(variant)).Color(c.token, 2)}} {
				n := color.NRGBAModel.Convert(th.got).(color.NRGBA)
				if got := fmt.Sprintf("%02X%02X%02X%02X", n.R, n.G, n.B, n.A); got != want {
					t.Errorf("%s of %s, light=%v: %s, want %s", c.token, th.name, v, got, want)
				}
			}
		}
	}
}
