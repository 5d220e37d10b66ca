package theme

import (
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/assets"
)

// named gives the value of every IconName constant.
func named(t *testing.T) map[string]bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "icon.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "IconName" {
			v, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			names[v] = true
		}
		return true
	})
	return names
}

func TestEveryIconHasAName(t *testing.T) {
	names := named(t)
	files, err := fs.ReadDir(assets.Icons, "icons")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		n, isSVG := strings.CutSuffix(f.Name(), ".svg")
		if !isSVG || n == "guest" || n == "host" || n == "hostmanager" {
			continue
		}
		if !names[n] {
			t.Errorf("icons/%s has no constant", f.Name())
		}
		delete(names, n)
	}
	for n := range names {
		t.Errorf("the constant %q has no file", n)
	}
}

// TestIconsDraw draws every icon at 16 and 24 pixels and looks for ink in the
// colour of the token, and in no other.
func TestIconsDraw(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Fixed(fynetheme.VariantLight))
	for n := range named(t) {
		for _, edge := range []float32{16, 24} {
			img := canvas.NewImageFromResource(Icon(IconName(n), Accent))
			img.Resize(fyne.NewSquareSize(edge))
			drawn, ok := img.Image.(*image.NRGBA)
			if !ok {
				t.Fatalf("%s was not drawn", n)
			}
			ink := 0
			for i := 0; i < len(drawn.Pix); i += 4 {
				p := drawn.Pix[i : i+4]
				if p[3] < 128 {
					continue
				}
				ink++
				if abs(p[0], 0x24) > 3 || abs(p[1], 0x56) > 3 || abs(p[2], 0xC9) > 3 {
					t.Fatalf("%s has a pixel %v", n, p)
				}
			}
			if ink < 6 {
				t.Errorf("%s at %g has %d pixels of ink", n, edge, ink)
			}
		}
	}
}

func abs(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestIconFollowsTheme(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(Fixed(fynetheme.VariantLight))
	i := Icon(IconMonitor, Danger)
	if got, want := i.Name(), "monitor-B42318-1.35.svg"; got != want {
		t.Errorf("name in light is %q, want %q", got, want)
	}
	app.Settings().SetTheme(Fixed(fynetheme.VariantDark))
	if got, want := i.Name(), "monitor-FF9389-1.35.svg"; got != want {
		t.Errorf("name in dark is %q, want %q", got, want)
	}
	if got := string(i.Content()); !strings.Contains(got, `stroke="#FF9389"`) || strings.Contains(got, iconInk) {
		t.Errorf("content is %s", got)
	}
}

// TestIconStrokesGrow holds that a stroke is as thick in units at every scale.
func TestIconStrokesGrow(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Fixed(fynetheme.VariantLight))
	double := IconAt(IconMonitor, Text, func() float32 { return 2 })
	if got := string(double.Content()); !strings.Contains(got, `stroke-width="2.70"`) || strings.Contains(got, "1.35") {
		t.Errorf("content at scale 2 is %s", got)
	}
	if double.Name() == Icon(IconMonitor, Text).Name() {
		t.Error("two thicknesses have one name, so one would be drawn for the other")
	}
}

func TestSizesAndAreas(t *testing.T) {
	th := New()
	for n, want := range map[fyne.ThemeSizeName]float32{
		fynetheme.SizeNameText: 13, fynetheme.SizeNameCaptionText: 11.5, fynetheme.SizeNameSubHeadingText: 15, fynetheme.SizeNameHeadingText: 20,
		fynetheme.SizeNameInnerPadding: 6, fynetheme.SizeNamePadding: 4, fynetheme.SizeNameLineSpacing: 3, fynetheme.SizeNameInlineIcon: 16,
		fynetheme.SizeNameInputRadius: 4, fynetheme.SizeNameSelectionRadius: 3, fynetheme.SizeNameMenuRadius: 5, fynetheme.SizeNameDialogRadius: 8,
		fynetheme.SizeNameScrollBar: 10, fynetheme.SizeNameScrollBarSmall: 3, fynetheme.SizeNameSplitThickness: 5, fynetheme.SizeNameModalBlurRadius: 0,
	} {
		if got := th.Size(n); got != want {
			t.Errorf("size %s is %g, want %g", n, got, want)
		}
	}
	for name, a := range map[string]fyne.Theme{"Dense": Dense(th), "TreeRows": TreeRows(th)} {
		if p, i := a.Size(fynetheme.SizeNamePadding), a.Size(fynetheme.SizeNameInnerPadding); p != 0 || i != 4 {
			t.Errorf("%s has padding %g and inner padding %g", name, p, i)
		}
		if a.Size(fynetheme.SizeNameText) != 13 {
			t.Errorf("%s changes the text size", name)
		}
	}
	plain, bold := Plain(th).Font(fyne.TextStyle{Bold: true}), th.Font(fyne.TextStyle{Bold: true})
	if plain.Name() == bold.Name() || plain.Name() != th.Font(fyne.TextStyle{}).Name() {
		t.Errorf("Plain gives %s, bold is %s", plain.Name(), bold.Name())
	}
	if th.Font(fyne.TextStyle{Italic: true}).Name() != th.Font(fyne.TextStyle{}).Name() {
		t.Error("italics are not switched off")
	}
}

func TestFynesArrowsAreReplaced(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Fixed(fynetheme.VariantLight))
	for n, want := range map[fyne.ThemeIconName]string{
		fynetheme.IconNameNavigateNext: "chevron-right-1B2028-1.35.svg", fynetheme.IconNameMoveDown: "chevron-down-1B2028-1.35.svg",
		fynetheme.IconNameArrowDropDown: "chevron-down-1B2028-1.35.svg", fynetheme.IconNameMenuExpand: "chevron-right-1B2028-1.35.svg",
	} {
		if got := New().Icon(n).Name(); got != want {
			t.Errorf("%s is %s, want %s", n, got, want)
		}
	}
}

func TestAppIcons(t *testing.T) {
	for _, p := range []string{"guest", "host", "hostmanager"} {
		r, err := AppIcon(p)
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := image.DecodeConfig(strings.NewReader(string(r.Content())))
		if err != nil || c.Width != 256 || c.Height != 256 {
			t.Errorf("icon of %s is %dx%d: %v", p, c.Width, c.Height, err)
		}
	}
	if _, err := AppIcon("nobody"); err == nil {
		t.Error("an unknown program has an icon")
	}
}
