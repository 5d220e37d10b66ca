package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// MaxDocument is the largest JSON document read or written, in bytes. Reading
// holds it about twice: once as text, once as values.
const MaxDocument = 8 << 20

// NewerError says that a newer release wrote a file, in a form that this one
// would misread. The file is left as it is.
type NewerError struct {
	File    string
	Version int // of the file
	Newest  int // that this program understands
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("%s was written by a newer release (version %d of the file, this release reads up to %d)", e.File, e.Version, e.Newest)
}

// BrokenError says that a file is there and cannot be understood. The file is
// left as it is; [SetAside] moves it away for a person to look at.
type BrokenError struct {
	File   string
	Reason error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("%s is damaged: %v", e.File, e.Reason) }

func (e *BrokenError) Unwrap() error { return e.Reason }

// envelope is the form of a document on disk: its version and what it holds.
type envelope struct {
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// LoadJSON reads the document at path into v, a pointer, and returns the
// version it was written in, 1 to newest. The error wraps [fs.ErrNotExist] if
// there is none, and is a *[NewerError] or a *[BrokenError] if there is one
// that cannot be used; v then holds nothing of worth. A field that v does not
// have is damage, since a release that adds a field raises the version; in an
// older document it is passed over.
func LoadJSON(path string, newest int, v any) (version int, err error) {
	document, err := readEnvelope(path, newest)
	if err != nil {
		return 0, err
	}
	decoder := json.NewDecoder(bytes.NewReader(document.Data))
	if document.Version == newest {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(v); err != nil {
		return 0, &BrokenError{File: path, Reason: err}
	}
	return document.Version, nil
}

// SaveJSON writes v as the document at path, for the owner alone and whole or
// not at all. It refuses to replace a document that a newer release wrote or
// that is damaged, with the errors of [LoadJSON]: what cannot be read is not
// lost because a program went on with its defaults.
func SaveJSON(path string, version int, v any) error {
	if _, err := readEnvelope(path, version); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	text, err := json.MarshalIndent(envelope{Version: version, Data: data}, "", "\t")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	text = append(text, '\n')
	if len(text) > MaxDocument {
		return fmt.Errorf("encode %s: %w", path, ErrTooLarge)
	}
	return WriteFile(path, text, PrivateFile)
}

// readEnvelope reads the outer form of a document and judges its version.
func readEnvelope(path string, newest int) (envelope, error) {
	text, err := ReadFile(path, MaxDocument)
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrNotRegular):
		return envelope{}, &BrokenError{File: path, Reason: err}
	case err != nil:
		return envelope{}, err
	}
	var document envelope
	if err := json.Unmarshal(text, &document); err != nil {
		return envelope{}, &BrokenError{File: path, Reason: err}
	}
	switch {
	case document.Version > newest:
		return envelope{}, &NewerError{File: path, Version: document.Version, Newest: newest}
	case document.Version < 1:
		return envelope{}, &BrokenError{File: path, Reason: errors.New("it names no version")}
	case document.Data == nil:
		return envelope{}, &BrokenError{File: path, Reason: errors.New("it holds no data")}
	}
	return document, nil
}

// SetAside renames a damaged file to its own name with ".broken-" and the time
// in UTC, so that a fresh one can take its place, and returns that name. It
// never replaces a file that was set aside before.
func SetAside(path string) (string, error) {
	aside := path + ".broken-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	if _, err := os.Lstat(aside); err == nil {
		return "", fmt.Errorf("set %s aside: %w", path, fs.ErrExist)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("set file aside: %w", err)
	}
	return aside, nil
}
