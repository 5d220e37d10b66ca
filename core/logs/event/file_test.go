package event

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// written makes a log of n events and gives its name.
func written(t testing.TB, n int, rotation int64) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "logs", "Imperohost.nlg")
	more(t, name, n, rotation)
	return name
}

// more opens a log, writes n events to it and closes it; it gives what the log found.
func more(t testing.TB, name string, n int, rotation int64) []Event {
	t.Helper()
	f, found, err := OpenFile(FileOptions{Name: name, Host: "till", RotationSize: rotation, Keep: 4})
	if err != nil {
		t.Fatal(err)
	}
	next := f.Last()
	for _, e := range found {
		next++
		e.Sequence, e.Time, e.Host = next, someTime, "till"
		if err := f.Write(t.Context(), []Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	for range n {
		next += 2 // another list leaves numbers out
		e := Event{Sequence: next, Time: someTime, Code: LogonRight, Host: "till", What: fmt.Sprint("event ", next)}
		if err := f.Write(t.Context(), []Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return found
}

func verify(t *testing.T, name string) LogReport {
	t.Helper()
	report, err := VerifyLog(name, "")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestLogGoesOn(t *testing.T) {
	name := written(t, 3, 0)
	if found := more(t, name, 2, 0); len(found) != 0 {
		t.Errorf("a whole log is found %+v", found)
	}
	report := verify(t, name)
	if report.Events != 5 || report.First != 2 || report.Last != 10 || len(report.Parts) != 1 || report.Parts[0].Host != "till" {
		t.Errorf("%+v", report)
	}
	for _, file := range []string{name, name + headSuffix} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
}

func TestRotationContinuesTheChain(t *testing.T) {
	name := written(t, 10, 400)
	more(t, name, 10, 400)
	report := verify(t, name)
	if len(report.Parts) != 5 || report.Parts[0].Part < 2 || report.Last != 40 || report.First == 2 {
		t.Errorf("%d parts from %d, events %d to %d", len(report.Parts), report.Parts[0].Part, report.First, report.Last)
	}
	second := partName(name, oldFolder(name), report.Parts[1].Part)
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyLog(name, ""); err == nil || !strings.Contains(err.Error(), "parts are missing") {
		t.Errorf("a part less: %v", err)
	}
}

// TestTamperingIsFound changes a log in every way that is not its writer's. Verify names the line; the Host says so when it goes on.
func TestTamperingIsFound(t *testing.T) {
	for what, c := range map[string]struct {
		change func(lines []string) []string
		line   int // that Verify names; 0 if the file alone is whole
		says   string
	}{
		"changed": {func(l []string) []string { l[3] = strings.Replace(l[3], "event 6", "event 9", 1); return l }, 4, "it was changed"},
		"changed with its hash": {func(l []string) []string {
			line, _ := link(digest{}, []byte(strings.Replace(l[3][:strings.LastIndex(l[3], "\t")], "event 6", "event 9", 1)))
			l[3] = string(line)
			return l
		}, 4, "it was changed"},
		"removed":        {func(l []string) []string { return append(l[:2], l[3:]...) }, 3, "it was changed"},
		"moved":          {func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 3, "it was changed"},
		"twice":          {func(l []string) []string { return append(l[:3], l[2:]...) }, 4, "it was changed"},
		"added":          {func(l []string) []string { return append(l, l[1]) }, 7, "it was changed"},
		"header":         {func(l []string) []string { l[0] = strings.Replace(l[0], "till", "tall", 1); return l }, 1, "the header was changed"},
		"another file":   {func(l []string) []string { return []string{"hello\n"} }, 1, "it is no event log"},
		"cut off":        {func(l []string) []string { return l[:3] }, 0, "events 5 to 10 are missing at the end"},
		"all cut off":    {func(l []string) []string { return l[:1] }, 0, "events 1 to 10 are missing at the end"},
		"cut in a line":  {func(l []string) []string { l[4] = l[4][:20]; return l[:5] }, 5, "it is unfinished"},
		"a long line":    {func(l []string) []string { l[2] = strings.Repeat("x", 1<<20) + "\n"; return l }, 3, "longer than any line"},
		"wholly written": {rewritten, 6, "it is another event than the head has"},
	} {
		t.Run(what, func(t *testing.T) {
			name := written(t, 5, 0)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			lines := c.change(strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n"))
			if last := len(lines) - 1; what != "cut in a line" && !strings.HasSuffix(lines[last], "\n") {
				lines[last] += "\n"
			}
			if what == "added" && !strings.HasSuffix(lines[5], "\n") {
				lines[5] += "\n"
			}
			if err := os.WriteFile(name, []byte(strings.Join(lines, "")), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err = VerifyLog(name, "")
			var broken *BrokenError
			if !errors.As(err, &broken) || broken.Line != c.line || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Verify says %v", err)
			}
			found := more(t, name, 2, 0)
			if len(found) == 0 || found[len(found)-1].Code != LogTampered {
				t.Errorf("the Host finds %+v", found)
			}
			if _, err := VerifyLog(name, ""); err == nil || !strings.Contains(err.Error(), "says: ") {
				t.Errorf("what was found is forgotten: %v", err)
			}
		})
	}
}

// rewritten makes a whole new chain without the second event, as somebody does who knows the form but not of the head.
func rewritten(lines []string) []string {
	h, _, _ := split([]byte(strings.TrimSuffix(lines[0], "\n")))
	line, d := link(digest{}, h)
	all := []string{string(line)}
	for i, old := range append(lines[1:2], lines[2:]...) {
		text, _, _ := split([]byte(strings.TrimSuffix(old, "\n")))
		if i == 1 {
			text = []byte(strings.Replace(string(text), "done", "denied", 1))
		}
		line, d = link(d, text)
		all = append(all, string(line))
	}
	return all
}

func TestRemovedFilesAreFound(t *testing.T) {
	for what, c := range map[string]struct {
		remove func(name string) []string
		says   string
	}{
		"the log":  {func(n string) []string { return []string{n} }, "the log is gone, which had events up to 20"},
		"the head": {func(n string) []string { return []string{n + headSuffix} }, "the head is gone"},
		"both":     {func(n string) []string { return []string{n, n + headSuffix} }, "the log is gone"},
	} {
		t.Run(what, func(t *testing.T) {
			name := written(t, 10, 600)
			for _, file := range c.remove(name) {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := VerifyLog(name, ""); err == nil {
				t.Error("Verify finds nothing")
			}
			if found := more(t, name, 1, 600); len(found) != 1 || !strings.Contains(found[0].What, c.says) {
				t.Errorf("the Host finds %+v", found)
			}
		})
	}
}

// TestCrashesAreNoTampering: what a crash can leave behind is repaired and not called tampering.
func TestCrashesAreNoTampering(t *testing.T) {
	name := written(t, 10, 600)
	head, err := os.ReadFile(name + headSuffix)
	if err != nil {
		t.Fatal(err)
	}
	more(t, name, 1, 0)
	if err := os.WriteFile(name+headSuffix, head, 0o600); err != nil { // the head of a while ago
		t.Fatal(err)
	}
	if found := more(t, name, 0, 0); len(found) != 0 {
		t.Errorf("an old head: %+v", found)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("23\t2026-01")
	f.Close()
	if found := more(t, name, 1, 0); len(found) != 1 || found[0].Code != LogRepaired {
		t.Errorf("an unfinished line: %+v", found)
	}
	report := verify(t, name)
	last := partName(name, oldFolder(name), report.Parts[len(report.Parts)-1].Part)
	if err := os.Rename(name, last); err != nil { // it ended between two parts
		t.Fatal(err)
	}
	if found := more(t, name, 1, 0); len(found) != 0 {
		t.Errorf("between two parts: %+v", found)
	}
	verify(t, name)
	report = verify(t, name)
	last = partName(name, oldFolder(name), report.Parts[len(report.Parts)-1].Part)
	if err := errors.Join(os.Rename(name, last), os.WriteFile(name, []byte("impero-n"), 0o600)); err != nil { // as it began one
		t.Fatal(err)
	}
	if found := more(t, name, 1, 0); len(found) != 0 {
		t.Errorf("an unfinished header: %+v", found)
	}
	verify(t, name)
}

// TestLogIsVerifiedWhileItIsWritten: its head may be older than its end by then.
func TestLogIsVerifiedWhileItIsWritten(t *testing.T) {
	name := written(t, 3, 0)
	f, _, err := OpenFile(FileOptions{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head, _, err := readHead(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(t.Context(), []Event{{Sequence: 9, Time: someTime, Code: HostBegun}}); err != nil {
		t.Fatal(err)
	}
	if report, seen, err := verifyFile(name, head); err != nil || !head.fits(report, seen) {
		t.Errorf("%+v, %v, %v", report, seen, err)
	}
	verify(t, name)
}

// TestSyncIsOnceASecond: many events cost one.
func TestSyncIsOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, err := OpenFile(FileOptions{Name: filepath.Join(t.TempDir(), "log.nlg")})
		if err != nil {
			t.Fatal(err)
		}
		waiting := func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.timer != nil }
		for i := range 10 {
			if err := f.Write(t.Context(), []Event{{Sequence: uint64(i) + 1, Time: someTime, Code: HostBegun}}); err != nil {
				t.Fatal(err)
			}
		}
		if !waiting() {
			t.Error("no sync waits")
		}
		time.Sleep(syncEvery)
		synctest.Wait()
		if waiting() {
			t.Error("it waits after its time")
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestPrivateAgain: a log that others could read is for its owner alone from the next start on.
func TestPrivateAgain(t *testing.T) {
	name := written(t, 1, 0)
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	more(t, name, 1, 0)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func BenchmarkAppend(b *testing.B) {
	f, _, err := OpenFile(FileOptions{Name: filepath.Join(b.TempDir(), "log.nlg")})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.ReportAllocs()
	events := make([]Event, 1)
	for i := 0; b.Loop(); i++ {
		events[0] = Event{Sequence: uint64(i) + 1, Time: someTime, Code: LogonRight, Host: "till", Session: 4, Who: "till-042; 10.0.0.1; ann", Way: "TCP 1"}
		if err := f.Write(b.Context(), events); err != nil {
			b.Fatal(err)
		}
	}
}
