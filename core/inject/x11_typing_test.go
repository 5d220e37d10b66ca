//go:build unix && !darwin

package inject_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"impero/core/inject"
	"impero/core/keys"
	"impero/core/lab"
	"impero/core/x11"
)

// terminal is an xterm whose program hands back the bytes typed into it.
type terminal struct {
	t    *testing.T
	from *os.File
}

func newTerminal(t *testing.T, display string) *terminal {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "typed")
	must(t, syscall.Mkfifo(fifo, 0o600))
	f, err := os.OpenFile(fifo, os.O_RDWR, 0) // both ways, so that opening does not wait
	must(t, err)
	t.Cleanup(func() { f.Close() })
	lab.StartProcess(t, display, "env", "LC_ALL=C.UTF-8", "xterm", "-u8", "-geometry", "100x30+0+0", "-xrm", "*metaSendsEscape: true",
		"-e", "stty raw -echo; exec cat > '"+fifo+"'")
	p, err := x11.Dial(context.Background(), display)
	must(t, err)
	defer p.Close()
	must(t, p.Check(41, 0, 0, p.Root().Root, 0, 0, x11.Pair(200, 200))) // WarpPointer
	lab.WaitFor(t, patience, "the terminal's window", func() bool {
		b, err := p.Call(38, 0, p.Root().Root) // QueryPointer: the child under the pointer
		must(t, err)
		return binary.LittleEndian.Uint32(b[12:]) != 0
	})
	return &terminal{t, f}
}

// ready types an x until it comes back, then says that everything of it has been read.
func (m *terminal) ready(in inject.Injector) {
	m.t.Helper()
	got := make([]byte, 1)
	lab.WaitFor(m.t, patience, "the terminal to take a key", func() bool {
		must(m.t, in.Text("x"))
		m.from.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		n, _ := m.from.Read(got)
		return n == 1
	})
	must(m.t, in.Text("!"))
	m.until("!")
}

// until reads up to and with end.
func (m *terminal) until(end string) string {
	m.t.Helper()
	var out []byte
	b := make([]byte, 4096)
	m.from.SetReadDeadline(time.Now().Add(patience))
	for !bytes.HasSuffix(out, []byte(end)) {
		n, err := m.from.Read(b)
		if err != nil {
			m.t.Fatalf("read what was typed after %q: %v", out, err)
		}
		out = append(out, b[:n]...)
	}
	return strings.TrimSuffix(string(out), end)
}

func (m *terminal) expect(what, want string) {
	m.t.Helper()
	if got := m.until("\x04"); got != want {
		m.t.Errorf("%s: typed %q, want %q", what, got, want)
	}
}

// end marks the end of what a test typed: Ctrl+D.
func end(t *testing.T, in inject.Injector) {
	t.Helper()
	must(t, in.Key(keys.LeftControl, true, 0))
	must(t, in.Key(keys.D, true, 'd'))
	must(t, in.Key(keys.D, false, 0))
	must(t, in.Key(keys.LeftControl, false, 0))
}

const sample = "Hello <@> Été Ü€ я漢字 ßñ 😀"

func TestTextIsExact(t *testing.T) {
	for _, layout := range []string{"us", "de", "fr", "us,ru"} {
		t.Run(layout, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{})
			run(t, x.Display, "setxkbmap", layout)
			m := newTerminal(t, x.Display)
			in := open(t, inject.Config{Display: x.Display})
			m.ready(in)
			for range 5 {
				must(t, in.Text(sample))
				end(t, in)
				m.expect("text", sample)
			}
			must(t, in.Text("a\nb\r\nc\td"))
			end(t, in)
			m.expect("lines", "a\rb\rc\td")
			// More characters than can be borrowed for, in parts: what the terminal has read is safe from a new meaning.
			for first := rune(0x4e00); first < 0x4e00+90; first += 30 {
				part := ""
				for r := first; r < first+30; r++ {
					part += string(r)
				}
				must(t, in.Text(part))
				end(t, in)
				m.expect("many characters", part)
			}
			run(t, x.Display, "xdotool", "key", "Caps_Lock")
			must(t, in.Text(sample))
			run(t, x.Display, "xdotool", "key", "Caps_Lock")
			end(t, in)
			m.expect("with Caps Lock", sample)
		})
	}
}

// stroke is a key a technician presses: its place, and the character it has on the Guest's layout.
type stroke struct {
	usage uint16
	r     rune
}

func (s stroke) press(t *testing.T, in inject.Injector) {
	t.Helper()
	must(t, in.Key(s.usage, true, s.r))
	must(t, in.Key(s.usage, false, s.r))
}

// A technician with a German keyboard writes the same on a Host with any layout.
func TestLayoutsDiffer(t *testing.T) {
	for _, layout := range []string{"de", "us", "fr", "us,ru"} {
		t.Run(layout, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{})
			run(t, x.Display, "setxkbmap", layout)
			m := newTerminal(t, x.Display)
			in := open(t, inject.Config{Display: x.Display})
			m.ready(in)
			for _, s := range []stroke{{keys.Z, 'y'}, {keys.Y, 'z'}, {keys.Minus, 'ß'}, {keys.Semicolon, 'ö'}, {keys.Quote, 'ä'}, {keys.Q, 'q'}, {keys.Digit1, '1'}} {
				s.press(t, in)
			}
			must(t, in.Key(keys.LeftShift, true, 0))
			for _, s := range []stroke{{keys.Digit7, '/'}, {keys.Digit8, '('}, {keys.A, 'A'}, {keys.Minus, '?'}, {keys.Slash, '_'}} {
				s.press(t, in)
			}
			must(t, in.Key(keys.LeftShift, false, 0))
			must(t, in.Key(keys.RightAlt, true, 0))
			for _, s := range []stroke{{keys.Q, '@'}, {keys.E, '€'}, {keys.Digit7, '{'}} {
				s.press(t, in)
			}
			must(t, in.Key(keys.RightAlt, false, 0))
			stroke{0, 'Ж'}.press(t, in)
			end(t, in)
			m.expect("strokes", "yzßöäq1/(A?_@€{Ж")
		})
	}
}
