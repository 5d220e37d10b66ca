package config

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"impero/core/store"
)

// folder gives a file in a new folder, and what it logs.
func folder(t testing.TB) (*File, *strings.Builder) {
	t.Helper()
	log := new(strings.Builder)
	return At(t.TempDir(), slog.New(slog.NewTextHandler(log, nil))), log
}

// byHand writes the file as a person would.
func byHand(t testing.TB, f *File, text []byte) {
	t.Helper()
	if err := os.WriteFile(f.Path(), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// names lists the folder.
func inFolder(t testing.TB, f *File) []string {
	t.Helper()
	var names []string
	for _, e := range must[[]fs.DirEntry](t)(os.ReadDir(filepath.Dir(f.Path()))) {
		names = append(names, e.Name())
	}
	return names
}

func TestFirstStartWritesNothing(t *testing.T) {
	f, _ := folder(t)
	if d := must[*Document](t)(f.Load()); !d.Equal(New()) {
		t.Error("no file is not the initial configuration")
	}
	if names := inFolder(t, f); len(names) > 0 {
		t.Errorf("written: %v", names)
	}
}

func TestSaveAndLoad(t *testing.T) {
	f, _ := folder(t)
	d := must[*Document](t)(f.Load())
	set(t, d, firstTCP, "ReceivePort", "7000")
	if err := f.Save(d); err != nil {
		t.Fatal(err)
	}
	if changed := must[bool](t)(f.Changed()); changed {
		t.Error("the own writing counts as a change")
	}
	again := must[*Document](t)(At(filepath.Dir(f.Path()), slog.New(slog.DiscardHandler)).Load())
	if !again.Equal(d) {
		t.Errorf("read back:\n%s", again.Text())
	}
	if info, err := os.Stat(f.Path()); err != nil || filepath.Separator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestInvalidDocumentsAreNotWritten(t *testing.T) {
	f, _ := folder(t)
	d := must[*Document](t)(f.Load())
	set(t, d, firstTCP, "ReceivePort", "650")
	var invalid *InvalidError
	if err := f.Save(d); !errors.As(err, &invalid) || len(invalid.Faults) != 1 {
		t.Errorf("an invalid document: %v", err)
	}
	set(t, d, firstTCP, "ReceivePort", "6502")
	set(t, d, impero, "Password", Typed("not protected yet"))
	if err := f.Save(d); !errors.As(err, &invalid) || strings.Contains(err.Error(), "not protected yet") {
		t.Errorf("a typed password: %v", err)
	}
	if names := inFolder(t, f); len(names) > 0 {
		t.Errorf("written: %v", names)
	}
}

func TestBrokenFileGivesTheLastGoodCopy(t *testing.T) {
	f, log := folder(t)
	good := must[*Document](t)(f.Load())
	set(t, good, firstTCP, "SendPort", "7001")
	if err := f.Save(good); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, 3, 3, 14, 20, 0, 0, time.Local)
	if err := os.Chtimes(f.goodPath(), when, when); err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(good.Text()), `SendPort="7001"`, `SendPort="650"`, 1)
	byHand(t, f, []byte(broken))
	d, err := f.Load()
	const told = `host.xml, line 8: "650" is not a port. Use 1025 to 65535. The Host goes on with the last good copy from 3 March, 14:20.`
	if d == nil || !d.Equal(good) || err == nil || err.Error() != told {
		t.Fatalf("a broken file: %v", err)
	}
	if text := must[[]byte](t)(os.ReadFile(f.Path())); string(text) != broken {
		t.Error("the broken file was changed")
	}
	if err := f.Save(d); err != nil {
		t.Fatal(err)
	}
	aside, _ := filepath.Glob(f.Path() + ".broken-*")
	if len(aside) != 1 || string(must[[]byte](t)(os.ReadFile(aside[0]))) != broken {
		t.Errorf("set aside: %v", aside)
	}
	if again, err := f.Load(); err != nil || !again.Equal(good) {
		t.Errorf("after saving: %v\n%s", err, log)
	}
}

func TestBrokenFileWithoutAGoodCopyIsAnError(t *testing.T) {
	f, _ := folder(t)
	for name, text := range map[string]string{
		"cut":     string(initial[:300]),
		"bad":     "<ImperoHost version=\"1\"><Configuration/><Configuration/></ImperoHost>",
		"large":   strings.Repeat(" ", MaxFile+1),
		"typed":   strings.Replace(string(initial), "<Roles>", "<ImperoAuthentication Password=\"typed:hunter2\"/>\n<Roles>", 1),
		"nothing": "",
	} {
		byHand(t, f, []byte(text))
		d, err := f.Load()
		var broken *BrokenError
		if d != nil || !errors.As(err, &broken) || !broken.Good.IsZero() || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHandEditsAreSeenAndLogged(t *testing.T) {
	f, log := folder(t)
	d := must[*Document](t)(f.Load())
	if err := f.Save(d); err != nil {
		t.Fatal(err)
	}
	// The same length, and within what file systems call the same time.
	byHand(t, f, []byte(strings.Replace(string(d.Text()), "View only", "View owls", 1)))
	if !must[bool](t)(f.Changed()) {
		t.Fatal("an edit of the same length was not seen")
	}
	if err := f.Save(d); !errors.Is(err, ErrChangedByHand) {
		t.Errorf("saved over an edit: %v", err)
	}
	next, changes, err := f.Reload(d)
	if err != nil || len(changes) != 1 || changes[0].Kind != Renamed {
		t.Fatalf("%+v %v", changes, err)
	}
	if !strings.Contains(log.String(), "View owls") {
		t.Errorf("logged:\n%s", log)
	}
	if must[bool](t)(f.Changed()) {
		t.Error("seen twice")
	}
	byHand(t, f, []byte("<ImperoHost"))
	kept, changes, err := f.Reload(next)
	if kept != next || changes != nil || err == nil {
		t.Errorf("a broken edit: %v", err)
	}
	if must[bool](t)(f.Changed()) {
		t.Error("a broken edit is told for ever")
	}
	if err := os.Remove(f.Path()); err != nil {
		t.Fatal(err)
	}
	if !must[bool](t)(f.Changed()) {
		t.Error("a removed file was not seen")
	}
}

func TestAnOldChangeIsNotReadAgain(t *testing.T) {
	f, _ := folder(t)
	byHand(t, f, initial)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(f.Path(), old, old); err != nil {
		t.Fatal(err)
	}
	must[*Document](t)(f.Load())
	f.seen.sum[0] ^= 1 // reading again would show
	if must[bool](t)(f.Changed()) {
		t.Error("read again")
	}
}

func TestOlderVersionIsMigratedWithABackup(t *testing.T) {
	f, _ := folder(t)
	byHand(t, f, initial)
	steps := map[int]migration{
		1: func(root *etree.Element) error { root.CreateComment(" two "); return nil },
		2: func(root *etree.Element) error { root.CreateComment(" three "); return nil },
	}
	d := must[*Document](t)(f.load(3, steps))
	text := string(must[[]byte](t)(os.ReadFile(f.Path())))
	if !strings.Contains(text, `version="3"`) || !strings.Contains(text, "<!-- two --><!-- three -->") || text != string(d.Text()) {
		t.Errorf("migrated:\n%s", text)
	}
	if backup := must[[]byte](t)(os.ReadFile(f.Path() + ".version-1")); string(backup) != string(initial) {
		t.Errorf("backup:\n%s", backup)
	}
	var newer *store.NewerError
	if d, err := f.Load(); d != nil || !errors.As(err, &newer) || newer.File != f.Path() {
		t.Errorf("a newer file: %v", err)
	}
	byHand(t, f, initial)
	steps[2] = func(*etree.Element) error { return errors.New("no") }
	if _, err := f.load(3, steps); err == nil || !strings.Contains(err.Error(), "from version 2 to 3") {
		t.Errorf("a step that fails: %v", err)
	}
	if text := must[[]byte](t)(os.ReadFile(f.Path())); string(text) != string(initial) {
		t.Error("a failed migration changed the file")
	}
}
