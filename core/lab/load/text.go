package load

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"impero/core/picture"
)

// typeface draws text from glyphs drawn once: with soft edges, as programs do, or without, as terminals do.
type typeface struct {
	glyphs map[rune]glyph
	ascent int
	line   int // from one line to the next
}

type glyph struct {
	mask    []byte
	r       image.Rectangle // from the pen
	advance int
}

var black = [3]byte{24, 20, 20}

// harden takes the soft edges away.
func (t *typeface) harden() {
	for _, g := range t.glyphs {
		for i, alpha := range g.mask {
			g.mask[i] = 0
			if alpha >= 110 {
				g.mask[i] = 255
			}
		}
	}
}

// newTypeface makes a typeface of a size in pixels, mono or proportional.
func newTypeface(mono bool, size float64) (*typeface, error) {
	data := goregular.TTF
	if mono {
		data = gomono.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read typeface: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("read typeface: %w", err)
	}
	defer face.Close()
	t := &typeface{glyphs: map[rune]glyph{}, ascent: face.Metrics().Ascent.Ceil(), line: face.Metrics().Height.Ceil() + 2}
	for letter := rune(32); letter < 127; letter++ {
		r, mask, at, advance, ok := face.Glyph(fixed.Point26_6{}, letter)
		if !ok {
			continue
		}
		g := glyph{r: r, advance: advance.Round()}
		for y := range r.Dy() {
			for x := range r.Dx() {
				_, _, _, alpha := mask.At(at.X+x, at.Y+y).RGBA()
				g.mask = append(g.mask, byte(alpha>>8))
			}
		}
		t.glyphs[letter] = g
	}
	return t, nil
}

// draw writes text with its upper left corner at x, y of f, cut at the right edge, and gives where the pen is then.
func (t *typeface) draw(f *picture.Frame, x, y int, text string, ink [3]byte) int {
	for _, letter := range text {
		g := t.glyphs[letter]
		if x+g.r.Max.X > f.W {
			break
		}
		for row := range g.r.Dy() {
			to := y + t.ascent + g.r.Min.Y + row
			if to < 0 || to >= f.H || x+g.r.Min.X < 0 {
				continue
			}
			pix := f.Row(to, x+g.r.Min.X, x+g.r.Max.X)
			for i, alpha := range g.mask[row*g.r.Dx() : (row+1)*g.r.Dx()] {
				blend(pix[i*4:i*4+3], ink, int(alpha))
			}
		}
		x += g.advance
	}
	return x
}

func blend(pix []byte, ink [3]byte, alpha int) {
	for i := range ink {
		pix[i] += byte((int(ink[i]) - int(pix[i])) * alpha / 255)
	}
}

// words are what texts are made of.
var words = strings.Fields(`the of session window answer and server to change in a picture for system that is key was file with
by host network as on user printer this at from account or not report be office which one you had table but all were her
update when there can more if out so said what time up go about than into could state only new year some take come these`)

// writer makes up text, always the same.
type writer struct{ dice *rand.Rand }

func newWriter(seed uint64) *writer { return &writer{rand.New(rand.NewPCG(seed, 11))} }

// sentence gives about n letters.
func (w *writer) sentence(n int) string {
	var b strings.Builder
	for b.Len() < n {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[w.dice.IntN(len(words))])
		if w.dice.IntN(9) == 0 {
			fmt.Fprintf(&b, " %d", w.dice.IntN(10000))
		}
	}
	return b.String()
}

// paint fills a rectangle of f.
func paint(f *picture.Frame, r picture.Rect, c color.RGBA) {
	r = r.Intersect(f.Bounds())
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		for at := 0; at < len(row); at += 4 {
			row[at], row[at+1], row[at+2], row[at+3] = c.B, c.G, c.R, 255
		}
	}
}

var (
	paper = color.RGBA{250, 250, 248, 255}
	bar   = color.RGBA{52, 73, 94, 255}
)

// paintWindow paints a window with a title and lines of text.
func paintWindow(f *picture.Frame, r picture.Rect, title string, seed uint64) error {
	face, err := newTypeface(true, 15)
	if err != nil {
		return err
	}
	paint(f, r, paper)
	paint(f, picture.Rect{X: r.X, Y: r.Y, W: r.W, H: 28}, bar)
	face.draw(f, r.X+10, r.Y+5, title, [3]byte{240, 240, 240})
	letters := (r.W - 24) / 9
	text := newWriter(seed)
	for y := r.Y + 36; y+face.line < r.Y+r.H; y += face.line {
		face.draw(f, r.X+10, y, text.sentence(letters - 8)[:letters-8], black)
	}
	return nil
}
