package logs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/slogtest"
	"time"
)

// consoleLogger logs everything into a builder.
func consoleLogger(t testing.TB, to io.Writer) *slog.Logger {
	t.Helper()
	logger, closer, err := Open(Options{Enabled: true, Global: Trace, Console: Trace, Stderr: to})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	})
	return logger
}

type secret struct{ value string }

func (secret) String() string { return "(secret)" }

func TestLineForm(t *testing.T) {
	var log strings.Builder
	logger := consoleLogger(t, &log)
	logger.With("session", 4).WithGroup("peer").Warn("Guest refused",
		"name", "Ann Lee", "reason", errors.New("no role"), "address", "10.0.0.1:6502",
		"secret", secret{"hush"}, "data", []byte("hush"), slog.Group("at", "port", 9),
		"when", time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("x", 3600)), "empty", "", "none", nil)
	form := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z warning Guest refused ` +
		regexp.QuoteMeta(`session=4 peer.name="Ann Lee" peer.reason="no role" peer.address=10.0.0.1:6502 `+
			`peer.secret=(secret) peer.data="4 bytes" peer.at.port=9 peer.when=2026-01-02T02:04:05Z peer.empty="" peer.none=<nil>`) + "\n$")
	if !form.MatchString(log.String()) {
		t.Errorf("line is %q", log.String())
	}
}

func TestHostileTextStaysInItsLine(t *testing.T) {
	for _, hostile := range []string{
		"ann\n2026-11-24T00:00:00.000000Z critical all is lost",
		"ann\r\x1b[2Kroot", "a\x00b", "bell\a", "\u202egnp.exe", "line\u2028sep", "\x9b31m", "\xff\xfe",
		`x" role=administrator y="`, "a=b", strings.Repeat("\n", 5000),
	} {
		var log strings.Builder
		logger := consoleLogger(t, &log)
		logger.Info("from "+hostile, "name", hostile, hostile, 1)
		logger.With(hostile, hostile).WithGroup(hostile).Info("x", "y", "z")
		text := log.String()
		if strings.Count(text, "\n") != 2 {
			t.Errorf("%.40q makes %d lines", hostile, strings.Count(text, "\n"))
		}
		for _, r := range strings.ReplaceAll(text, "\n", "") {
			if !strconv.IsPrint(r) {
				t.Errorf("%.40q leaves %U in the log", hostile, r)
			}
		}
		if strings.Contains(text, " role=administrator y") && !strings.Contains(text, `\" role=administrator y`) {
			t.Errorf("%q forges a pair: %s", hostile, text)
		}
	}
}

func TestLinesAreBounded(t *testing.T) {
	var log strings.Builder
	logger := consoleLogger(t, &log)
	huge := strings.Repeat("ä", 1<<20)
	logger.Info(huge, "name", huge)
	if len(log.String()) > 3*maxText {
		t.Errorf("two texts of %d bytes make a line of %d", len(huge), log.Len())
	}
	if !strings.Contains(log.String(), "(+2093056 bytes)") || !strings.Contains(log.String(), "ä(+") {
		t.Errorf("the line does not say what was cut: …%s", log.String()[log.Len()-60:])
	}
	log.Reset()
	var pairs []any
	for range 1000 {
		pairs = append(pairs, "k", huge[:maxText])
	}
	logger.Info("many", pairs...)
	if log.Len() > maxLine+6*maxText {
		t.Errorf("a thousand pairs make a line of %d bytes", log.Len())
	}
}

// TestHandlerContract runs the standard library's own checks of a handler.
func TestHandlerContract(t *testing.T) {
	var log strings.Builder
	slogtest.Run(t, func(t *testing.T) slog.Handler {
		log.Reset()
		return consoleLogger(t, &log).Handler()
	}, func(t *testing.T) map[string]any {
		return parseLine(t, log.String())
	})
}

// parseLine reads a line back into nested maps.
func parseLine(t *testing.T, line string) map[string]any {
	t.Helper()
	result := map[string]any{}
	rest := strings.TrimSuffix(line, "\n")
	if stamp, after, ok := strings.Cut(rest, "Z "); ok && strings.Contains(stamp, "T") {
		result[slog.TimeKey], rest = stamp, after
	}
	level, rest, _ := strings.Cut(rest, " ")
	result[slog.LevelKey] = level
	words := strings.Split(rest, " ")
	var message []string
	for _, word := range words {
		key, value, pair := strings.Cut(word, "=")
		if !pair {
			message = append(message, word)
			continue
		}
		at := result
		path := strings.Split(key, ".")
		for _, group := range path[:len(path)-1] {
			inner, ok := at[group].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[group] = inner
			}
			at = inner
		}
		at[path[len(path)-1]] = value
	}
	result[slog.MessageKey] = strings.Join(message, " ")
	return result
}

func FuzzLine(f *testing.F) {
	f.Add("message", "key", "value")
	f.Add("a\nb", "k=v", "\x1b]0;x\a")
	f.Add("\xda", "\xef\uFFFD", "\uFFFD")
	f.Fuzz(func(t *testing.T, message, key, value string) {
		var log strings.Builder
		consoleLogger(t, &log).Info(message, slog.String(key, value))
		if line := log.String(); strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
			t.Errorf("%q", line)
		} else if !printable(line[:len(line)-1]) {
			t.Errorf("not printable: %q", line)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	logger := consoleLogger(b, io.Discard)
	b.ReportAllocs()
	for b.Loop() {
		logger.Info("Guest connected", "session", 4, "address", "10.0.0.1:6502", "name", "Ann Lee")
	}
}

func BenchmarkUnwanted(b *testing.B) {
	logger, _, err := Open(GuestDefaults(""))
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		logger.LogAttrs(ctx, Trace.Level(), "tile sent", slog.Int("session", 4))
	}
}
