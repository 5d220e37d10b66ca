package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type settings struct {
	Name  string
	Count int
}

func put(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDocumentRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "settings.json")
	want := settings{Name: "Ann", Count: 3}
	for range 2 { // the second replaces the first
		if err := SaveJSON(path, 2, want); err != nil {
			t.Fatal(err)
		}
	}
	var got settings
	version, err := LoadJSON(path, 2, &got)
	if err != nil || version != 2 || got != want {
		t.Errorf("got %+v in version %d, %v", got, version, err)
	}
	if err := SaveJSON(path, 3, want); err != nil {
		t.Errorf("raise the version: %v", err)
	}
}

func TestNoDocument(t *testing.T) {
	var got settings
	if _, err := LoadJSON(filepath.Join(t.TempDir(), "none"), 1, &got); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestOlderDocumentMayHaveFieldsThatWent(t *testing.T) {
	path := put(t, `{"version":1,"data":{"Name":"Ann","Gone":true}}`)
	var got settings
	version, err := LoadJSON(path, 2, &got)
	if err != nil || version != 1 || got.Name != "Ann" {
		t.Errorf("got %+v in version %d, %v", got, version, err)
	}
}

func TestNewerDocumentIsRefusedAndKept(t *testing.T) {
	const text = `{"version":7,"data":{"Name":[1,2]}}`
	path := put(t, text)
	var newer *NewerError
	var got settings
	if _, err := LoadJSON(path, 2, &got); !errors.As(err, &newer) || newer.Version != 7 || newer.Newest != 2 || newer.File != path {
		t.Errorf("load: %v", err)
	}
	if err := SaveJSON(path, 2, got); !errors.As(err, &newer) {
		t.Errorf("save: %v", err)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
		t.Errorf("the file became %q, %v", kept, err)
	}
}

func TestDamage(t *testing.T) {
	whole := `{"version":2,"data":{"Name":"Ann","Count":3}}`
	for name, text := range map[string]string{
		"empty":             "",
		"truncated":         whole[:len(whole)-4],
		"two documents":     whole + whole,
		"no version":        `{"data":{}}`,
		"negative version":  `{"version":-1,"data":{}}`,
		"no data":           `{"version":2}`,
		"zero bytes":        strings.Repeat("\x00", 40),
		"not an object":     `[1]`,
		"huge":              whole + strings.Repeat(" ", MaxDocument),
		"deeply nested":     strings.Repeat("[", 1<<20),
		"fractional number": `{"version":2.5,"data":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := put(t, text)
			var got settings
			_, err := LoadJSON(path, 2, &got)
			var broken *BrokenError
			if !errors.As(err, &broken) || broken.Reason == nil || !strings.Contains(err.Error(), path) {
				t.Fatalf("load: %v", err)
			}
			if err := SaveJSON(path, 2, got); !errors.As(err, &broken) {
				t.Errorf("save over it: %v", err)
			}
			if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
				t.Error("the damaged file was changed")
			}
		})
	}
	for name, text := range map[string]string{
		"unknown field": `{"version":2,"data":{"Name":"Ann","More":1}}`,
		"wrong type":    `{"version":2,"data":{"Name":4}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var broken *BrokenError
			if _, err := LoadJSON(put(t, text), 2, new(settings)); !errors.As(err, &broken) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSetAside(t *testing.T) {
	path := put(t, "broken")
	aside, err := SetAside(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(aside, path+".broken-") {
		t.Errorf("set aside as %s", aside)
	}
	if text, err := os.ReadFile(aside); err != nil || string(text) != "broken" {
		t.Errorf("it holds %q, %v", text, err)
	}
	if err := SaveJSON(path, 1, settings{}); err != nil {
		t.Errorf("save afresh: %v", err)
	}
	if _, err := SetAside(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to set aside: %v", err)
	}
}

func TestTooMuchIsNotSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := SaveJSON(path, 1, strings.Repeat("x", MaxDocument)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a file was made that cannot be read back")
	}
}

func FuzzLoadJSON(f *testing.F) {
	f.Add([]byte(`{"version":1,"data":{"Name":"Ann","Count":3}}`))
	f.Add([]byte(`{"version":2,"data":null}`))
	f.Add([]byte(`{"version":1}`))
	path := filepath.Join(f.TempDir(), "settings.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		var got settings
		version, err := LoadJSON(path, 1, &got)
		if err != nil {
			return
		}
		// What loads can be saved, and loads as the same again.
		if err := SaveJSON(path, version, got); err != nil {
			t.Fatal(err)
		}
		var again settings
		if _, err := LoadJSON(path, 1, &again); err != nil || again != got {
			t.Errorf("%+v became %+v, %v", got, again, err)
		}
	})
}
