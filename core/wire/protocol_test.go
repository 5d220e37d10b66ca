package wire

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These tests hold PROTOCOL.md and the code together: what stands in both stands there in the same words.

func goFiles(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("find sources: %v", err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") })
}

func protocol(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// tableRows gives the rows of the table with this head, cells trimmed.
func tableRows(t testing.TB, text, head string) [][]string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "\n"+head+"\n")
	if !ok {
		t.Fatalf("PROTOCOL.md has no table %q", head)
	}
	var rows [][]string
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !strings.HasPrefix(cells[0], "---") {
			rows = append(rows, cells)
		}
	}
	return rows
}

// sourceConstants gives every constant of the package by name, and the comment behind each.
func sourceConstants(t testing.TB) (values map[string]constant.Value, comments map[string]string) {
	t.Helper()
	values, comments = map[string]constant.Value{}, map[string]string{}
	named, set := sources(t)
	files := slices.Collect(maps.Values(named))
	cfg := types.Config{Error: func(error) {}} // imports stay unresolved: constants need none
	info := types.Info{Defs: map[*ast.Ident]types.Object{}}
	cfg.Check("wire", set, files, &info)
	for id, obj := range info.Defs {
		if c, ok := obj.(*types.Const); ok && c.Val().Kind() != constant.Unknown {
			values[id.Name] = c.Val()
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				comments[v.Names[0].Name] = strings.TrimSpace(v.Comment.Text())
			}
			return true
		})
	}
	return values, comments
}

// withPrefix gives the names that begin so and go on with a capital letter, without the prefix.
func withPrefix(values map[string]constant.Value, prefix string) map[string]string {
	found := map[string]string{}
	for name, v := range values {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
			found[rest] = v.ExactString()
		}
	}
	return found
}

func states(s State) string {
	var names []string
	for i, n := range []string{"Hello", "Identity", "Logon", "Open", "Closed"} {
		if s&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

func channelWords(c Channel) string {
	if c == 0 {
		return "its stream's"
	}
	return c.String()
}

func choose(which bool, yes, no string) string {
	if which {
		return yes
	}
	return no
}

func TestMessageTable(t *testing.T) {
	rows := tableRows(t, protocol(t), "| number | message | from | states | channel | critical | stream |")
	var want [][]string
	for _, s := range Specs() {
		from := map[Side]string{FromGuest: "Guest", FromHost: "Host", FromBoth: "both"}[s.From]
		want = append(want, []string{fmt.Sprintf("0x%02x", uint16(s.Type)), s.Name, from, states(s.States),
			channelWords(s.Channel), choose(s.Critical, "yes", "no"), choose(s.OnStream, "named", "0")})
	}
	for i := range max(len(rows), len(want)) {
		if i >= len(rows) || i >= len(want) || !slices.Equal(rows[i], want[i]) {
			t.Fatalf("row %d of the message table:\nhas   %v\nwants %v", i, rows[min(i, len(rows)-1):], want[min(i, len(want)-1):])
		}
	}
}

func TestMessageBlocks(t *testing.T) {
	text, all := protocol(t), docs(t)
	if n := strings.Count(text, "\n#### "); n != len(Specs()) {
		t.Errorf("PROTOCOL.md has %d message blocks for %d messages", n, len(Specs()))
	}
	for _, s := range Specs() {
		from := map[Side]string{FromGuest: "Guest → Host", FromHost: "Host → Guest", FromBoth: "both ways"}[s.From]
		want := fmt.Sprintf("\n#### %s\n\nnumber 0x%02x · %s · states %s · channel %s · %s · %s · since 1\n\n    %s\n\n- Meaning: ",
			s.Name, uint16(s.Type), from, states(s.States), channelWords(s.Channel), choose(s.Critical, "critical", "not critical"),
			choose(s.OnStream, "names a stream", "stream 0"), layoutOf(t, all, s.Name))
		_, rest, ok := strings.Cut(text, want)
		if !ok {
			t.Errorf("PROTOCOL.md has no block that begins%s", want)
			continue
		}
		block, _, _ := strings.Cut(rest, "\n#")
		if !strings.Contains(block, "\n- Limits: ") || !strings.Contains(block, "\n- Errors: ") {
			t.Errorf("the block of %s lacks its limits or errors", s.Name)
		}
	}
}

func TestOtherLayouts(t *testing.T) {
	text, all := protocol(t), docs(t)
	for _, name := range []string{"Preamble", "Answer", "Header", "Frame"} {
		if want := "\n    " + layoutOf(t, all, name); !strings.Contains(text, want) {
			t.Errorf("PROTOCOL.md lacks the layout of %s: %s", name, want)
		}
	}
}

func TestCloseCodeTable(t *testing.T) {
	values, comments := sourceConstants(t)
	want := withPrefix(values, "Close")
	rows := tableRows(t, protocol(t), "| code | number | meaning |")
	last := -1
	for _, r := range rows {
		if want[r[0]] != r[1] || comments["Close"+r[0]] != r[2] {
			t.Errorf("code table has %v, the code %s %q", r, want[r[0]], comments["Close"+r[0]])
		}
		delete(want, r[0])
		var n int
		if fmt.Sscan(r[1], &n); n <= last {
			t.Errorf("code %s stands after %d", r[1], last)
		}
		if last = n; CloseCode(n).String() != r[0] {
			t.Errorf("code %d is called %s, in the table %s", n, CloseCode(n), r[0])
		}
	}
	if len(want) > 0 {
		t.Errorf("close codes without a row: %v", want)
	}
	if got := CloseCode(999).String(); got != "code 999" {
		t.Errorf("an unknown code is called %q", got)
	}
}

func TestLimitTable(t *testing.T) {
	values, _ := sourceConstants(t)
	want := withPrefix(values, "Max")
	for _, r := range tableRows(t, protocol(t), "| limit | constant | value | worst-case memory | who enforces |") {
		name := strings.TrimPrefix(r[1], "Max")
		if want[name] != r[2] || r[3] == "" || r[4] == "" {
			t.Errorf("limit table has %v, the code %q", r, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("limits without a row: %v", want)
	}
}

// TestNumbersInTheText looks for every number of the protocol that has a name, in the words of PROTOCOL.md.
func TestNumbersInTheText(t *testing.T) {
	text := protocol(t)
	values, _ := sourceConstants(t)
	words := map[string]string{ // constant: words, where they are not the constant's own in lower case
		"CapabilityJPEG": "JPEG", "CapabilityH264": "H264", "CapabilityVP8": "VP8", "MethodUserPassword": "user and password", "LevelVeryHigh": "Very high", "LevelHigh": "High",
		"LevelIntegrityKeyboard": "Data integrity and keyboard", "LevelKeyboard": "Keyboard", "LevelIntegrity": "Data integrity", "LevelNone": "No encryption",
	}
	for _, set := range []struct{ prefix, pattern string }{
		{"Purpose", `\n\| %s \| %s \| `},
		{"Channel", `\n\| %s \| %s \| `},
		{"Capability", `\n\| %s \| %s \| `},
		{"Level", `\n\| %s \| %s \| `},
		{"Method", `\*%s\* \(%s\)`},
		{"Field", `\b%[2]s %[1]s \(`},
		{"Kind", `kind is %[2]s for a %[1]s`},
	} {
		names := withPrefix(values, set.prefix)
		if len(names) == 0 {
			t.Errorf("the code has no constant %s…", set.prefix)
		}
		for name, value := range names {
			word := words[set.prefix+name]
			if word == "" {
				word = strings.ToLower(name)
			}
			re := fmt.Sprintf(set.pattern, regexp.QuoteMeta(word), regexp.QuoteMeta(value))
			if !regexp.MustCompile(re).MatchString(text) {
				t.Errorf("PROTOCOL.md does not say that %s%s is %s (%s)", set.prefix, name, value, re)
			}
		}
	}
	for name, value := range withPrefix(values, "Type") {
		if !regexp.MustCompile(`\n\| 0x[0-9a-f]+ \| ` + name + ` \| `).MatchString(text) {
			t.Errorf("PROTOCOL.md does not name message %s (%s)", name, value)
		}
	}
	for _, want := range []string{"The Impero Connect protocol, version " + values["Version"].ExactString() + "\n", values["Magic"].ExactString()} {
		if !strings.Contains(text, want) {
			t.Errorf("PROTOCOL.md lacks %s", want)
		}
	}
}

// TestWorkedExchange holds §16 to the exchange that core/secure computes anew in its own tests.
func TestWorkedExchange(t *testing.T) {
	want, err := os.ReadFile("../secure/testdata/exchange/exchange.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(protocol(t), "\n## 16. A worked exchange\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if strings.TrimSpace(section) != strings.TrimSpace(string(want)) {
		t.Error("§16 of PROTOCOL.md is not the exchange of core/secure/testdata/exchange/exchange.md")
	}
}

func TestProtocolIsComplete(t *testing.T) {
	if m := regexp.MustCompile(`@[A-Z]+@`).FindString(protocol(t)); m != "" {
		t.Errorf("PROTOCOL.md still holds the marker %s", m)
	}
}

func TestSpecs(t *testing.T) {
	last := Type(0)
	for _, s := range Specs() {
		if s.Type <= last || s.Type >= 0x7000 {
			t.Errorf("%s has number %#x after %#x", s.Name, s.Type, last)
		}
		last = s.Type
		if m := s.New(); m.Type() != s.Type || fmt.Sprintf("%T", m) != "*wire."+s.Name {
			t.Errorf("row %s makes a %T of type %#x", s.Name, m, m.Type())
		}
		if got, ok := Lookup(s.Type); !ok || got.Name != s.Name {
			t.Errorf("%s is not found by its number", s.Name)
		}
	}
	if len(withPrefix(first(sourceConstants(t)), "Type")) != len(Specs()) {
		t.Error("a message number has no row, or a row no number")
	}
	for _, n := range []Type{0, 0x08, 0x56, 0x7f, 0x80, 0x7fff, 0x8050, 0xffff} {
		if _, ok := Lookup(n); ok {
			t.Errorf("message %#x is known", uint16(n))
		}
	}
}

func first[A, B any](a A, _ B) A { return a }
