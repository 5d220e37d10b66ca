package spy

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/lab"
	"impero/core/logs"
	"impero/core/logs/event"
)

func TestParse(t *testing.T) {
	e := Parse(`2026-01-02T03:04:05.000006Z warning not permitted module=session from=10.0.0.1:6502 name="a module=gate session=9" session=4`)
	if e.Level != logs.Warning || e.Module != "session" || e.Session != "4" || !strings.HasPrefix(e.Text, "not permitted module=session") || e.Time.Second() != 5 {
		t.Errorf("%+v", e)
	}
	if e := Parse("goroutine 1 \x1b[2J[running]:"); e.Level != logs.NoLog || e.Text != `goroutine 1 \x1b[2J[running]:` || e.String() != e.Text {
		t.Errorf("%+v", e)
	}
	if e := Parse("2026-01-02T03:04:05.000006Z loud x"); e.Level != logs.NoLog {
		t.Errorf("%+v", e)
	}
}

// TestParseReadsWhatIsWritten: a real debug log and a real event log.
func TestParseReadsWhatIsWritten(t *testing.T) {
	var console strings.Builder
	logger, log, err := logs.Open(logs.Options{Enabled: true, Global: logs.Trace, Console: logs.Trace, Stderr: &console})
	if err != nil {
		t.Fatal(err)
	}
	logs.Gate.Of(logger).Error("logon refused", "reason", "a = b", "session", 7)
	log.Close()
	if e := Parse(strings.TrimSuffix(console.String(), "\n")); e.Level != logs.Error || e.Module != "gate" || e.Session != "7" {
		t.Errorf("%q is %+v", console.String(), e)
	}
	name := filepath.Join(t.TempDir(), "x.nlg")
	f, _, err := event.OpenFile(event.FileOptions{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(t.Context(), []event.Event{{Sequence: 1, Time: time.Now(), Code: event.LogonWrong, Session: 3, Who: "ann\nlee"}}); err != nil {
		t.Fatal(err)
	}
	f.Close()
	var all []Entry
	if err := Watch(t.Context(), []string{name}, false, func(e Entry) { all = append(all, e) }); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if e := all[0]; e.Level != logs.Warning || e.Module != "events" || e.Session != "3" || e.Text != `LOGN- logon wrong who="ann\nlee"` {
		t.Errorf("%+v", e)
	}
}

func TestFilter(t *testing.T) {
	e := Parse(`2026-01-02T03:04:05.000006Z warning not permitted module=session session=4`)
	none := Parse("text")
	for _, c := range []struct {
		Filter
		want, plain bool
	}{
		{Filter{}, true, true}, {Filter{Level: logs.Warning}, true, true}, {Filter{Level: logs.Error}, false, true}, {Filter{Module: "SESSION"}, true, false},
		{Filter{Module: "gate"}, false, false}, {Filter{Session: "4"}, true, false}, {Filter{Session: "44"}, false, false}, {Filter{Text: "PERM"}, true, false},
		{Filter{Text: "2026-01-02"}, true, false}, {Filter{Level: logs.Trace, Module: "session", Session: "4", Text: "x"}, false, false},
	} {
		if c.Shows(e) != c.want || c.Shows(none) != c.plain {
			t.Errorf("%+v: %v, %v", c.Filter, c.Shows(e), c.Shows(none))
		}
	}
}

// TestReadFollowsThroughRotation, also when the file is not there at first, and when it is made empty.
func TestReadFollowsThroughRotation(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	var mu sync.Mutex
	var got []string
	read := func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(got) }
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Read(ctx, name, true, func(line string) { mu.Lock(); defer mu.Unlock(); got = append(got, line) })
	}()
	write := func(text string) {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(text)
		f.Close()
	}
	await := func(want ...string) {
		t.Helper()
		lab.WaitFor(t, 20*time.Second, "the lines "+strings.Join(want, ", "), func() bool { return slices.Equal(read(), want) })
	}
	write("one\ntw")
	await("one")
	write("o\n")
	await("one", "two")
	write("three\n")
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	write("four\r\n")
	await("one", "two", "three", "four")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	write("x\n")
	await("one", "two", "three", "four", "x")
	write("unfinished")
	lab.WaitFor(t, 20*time.Second, "a look", func() bool { cancel(); return true })
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestReadBounds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, []byte(strings.Repeat("x", 3*maxLine)+"\nshort\nno end"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := Read(t.Context(), name, false, func(line string) { got = append(got, line) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || len(got[0]) != maxLine+len(" (cut)") || got[1] != "short" || got[2] != "no end" {
		t.Errorf("%d lines", len(got))
	}
	for _, bad := range []string{name + ".none", t.TempDir()} {
		if err := Read(t.Context(), bad, false, func(string) {}); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestRedact(t *testing.T) {
	got, err := redactJSON([]byte(`{"version":1,"data":{"Role":"View only","Verifier":{"a":"hush"},"list":[{"Password":"hush"}],"blob":"` + strings.Repeat("hushhush", 8) + `","n":12345678901234567890}}`))
	if err != nil || strings.Contains(string(got), "hush") || !strings.Contains(string(got), "View only") || !strings.Contains(string(got), "12345678901234567890") || !json.Valid(got) {
		t.Errorf("%s, %v", got, err)
	}
	got, err = redactXML([]byte(`<?xml version="1.0"?><host><!-- hush --><port>6502</port><Password>hush<b>hush</b></Password><a name="Maintenance password" value="hush"/>
<a name="Level" value="Trace" apikey="hush"/><x>` + strings.Repeat("hushhush", 8) + `</x></host>`))
	if err != nil || strings.Contains(string(got), "hush") || !strings.Contains(string(got), "6502") || !strings.Contains(string(got), "Trace") {
		t.Errorf("%s, %v", got, err)
	}
	for _, bad := range []string{"", "{", "hush"} {
		if got, err := redactJSON([]byte(bad)); err == nil {
			t.Errorf("%q is %s", bad, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`2026-01-02T03:04:05.000006Z warning not permitted module="se\x1b" session=4`)
	f.Add("a\x1b=\"")
	f.Add("2026-01-02T03:04:05.000006Z warning x module=\"se\x00\xdf\"")
	f.Fuzz(func(t *testing.T, line string) {
		e := Parse(line)
		if again := printable(e.String()); again != e.String() || printable(e.Module+e.Session) != e.Module+e.Session {
			t.Errorf("%q can steer a terminal", e.String())
		}
	})
}

// FuzzRedact: a secret does not come through, whatever is around it.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(`{"password":"hush","a":[1]}`))
	f.Add([]byte(`<a password="x"><b/></a>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := redactJSON(text); err == nil && !json.Valid(got) {
			t.Errorf("%s", got)
		}
		redactXML(text)
	})
}
