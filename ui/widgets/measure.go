package widgets

import (
	"sort"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"impero/ui/theme"
)

// textSize measures a text, rounded up to whole units.
func textSize(s string, size float32, style fyne.TextStyle) fyne.Size {
	return upSize(fyne.MeasureText(s, size, style))
}

// columnsWidth is the width of a line of n characters of common text.
func columnsWidth(n int) float32 {
	return up(fyne.MeasureText("abcdefghijklmnopqrstuvwxyz ", theme.TextSize, fyne.TextStyle{}).Width / 27 * float32(n))
}

// cut shortens a text to a width with an ellipsis; was tells whether it had to.
func cut(s string, width, size float32, style fyne.TextStyle) (short string, was bool) {
	if s == "" || fyne.MeasureText(s, size, style).Width <= width+0.5 {
		return s, false
	}
	runes := []rune(s)
	n := sort.Search(len(runes), func(n int) bool {
		return fyne.MeasureText(string(runes[:n+1])+"…", size, style).Width > width
	})
	return strings.TrimRight(string(runes[:n]), " ") + "…", true
}

// breakLines breaks a text into lines no wider than width and, unless columns is
// 0, of no more characters, at spaces where it can, inside a word where it must.
// Line feeds are kept.
func breakLines(s string, width float32, columns int, size float32, style fyne.TextStyle) []string {
	fits := func(t string) bool {
		return (columns == 0 || utf8.RuneCountInString(t) <= columns) && fyne.MeasureText(t, size, style).Width <= width+0.5
	}
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		lines = append(lines, breakParagraph(paragraph, fits)...)
	}
	return lines
}

func breakParagraph(s string, fits func(string) bool) []string {
	if fits(s) {
		return []string{s}
	}
	var lines []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		if line != "" {
			if fits(line + " " + word) {
				line += " " + word
				continue
			}
			lines = append(lines, line)
		}
		for !fits(word) && utf8.RuneCountInString(word) > 1 {
			n := fitting(word, fits)
			lines = append(lines, word[:n])
			word = word[n:]
		}
		line = word
	}
	return append(lines, line)
}

// fitting gives how many bytes of a word, whole runes and at least one, fit.
func fitting(word string, fits func(string) bool) int {
	ends := make([]int, 0, len(word))
	for i := range word {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	n := sort.Search(len(ends), func(i int) bool { return !fits(word[:ends[i]]) })
	return ends[max(n-1, 0)]
}
