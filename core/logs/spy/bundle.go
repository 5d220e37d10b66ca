package spy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"impero/core/store"
	"impero/core/version"
)

// Limits of a bundle, in bytes: the newest part of a log that is longer, and all files together before they are packed.
const (
	maxOfLog    = 32 << 20
	maxOfBundle = 512 << 20
	maxSetting  = 1 << 20
)

// WriteBundle writes what support needs into a zip file, for its owner alone: the logs with those set aside, the release, facts of
// the system, and the settings without what may be a secret. What could not be packed is told in contents.txt. It replaces no file.
func WriteBundle(name string, home store.Home, logs []string) (err error) {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, store.PrivateFile)
	if err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(fmt.Errorf("write the bundle: %w", err), os.Remove(name))
		}
	}()
	if _, err := store.KeepPrivate(name); err != nil {
		return err
	}
	b := &bundle{zip: zip.NewWriter(out), left: maxOfBundle}
	for i, log := range logs {
		b.log(fmt.Sprintf("logs/%d/", i+1), log)
	}
	b.settings("settings/host/", home.HostDir())
	b.settings("settings/guest/", home.GuestDir())
	b.text("system.txt", facts())
	b.text("contents.txt", b.contents.String())
	return errors.Join(b.err, b.zip.Close())
}

// bundle is one that is being written. err is the first failure to write, after which nothing is.
type bundle struct {
	zip      *zip.Writer
	left     int64
	contents strings.Builder
	err      error
}

// text adds a file with a text.
func (b *bundle) text(name, text string) { b.add(name, time.Now(), strings.NewReader(text)) }

func (b *bundle) add(name string, at time.Time, from io.Reader) {
	if b.err != nil {
		return
	}
	to, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	if err == nil {
		var n int64
		n, err = io.Copy(to, io.LimitReader(from, b.left))
		b.left -= n
	}
	b.err = err
}

// note tells what a file of the bundle is, or why there is none.
func (b *bundle) note(form string, args ...any) { fmt.Fprintf(&b.contents, form+"\n", args...) }

// log adds a log, its head if it is an event log, and what was set aside of it.
func (b *bundle) log(folder, name string) {
	for _, file := range append(old(name), name, name+".head") {
		if err := b.file(folder, file); err != nil && !(file != name && errors.Is(err, os.ErrNotExist)) {
			b.note("%s is left out: %v", file, err)
		}
	}
}

// file adds the newest part of a file.
func (b *bundle) file(folder, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return store.ErrNotRegular
	}
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	note := ""
	if from := info.Size() - maxOfLog; from > 0 {
		if _, err := in.Seek(from, io.SeekStart); err != nil {
			return err
		}
		note = fmt.Sprintf(", without its first %d bytes", from)
	}
	if b.left < min(info.Size(), maxOfLog) {
		return errors.New("the bundle is large enough")
	}
	b.note("%s%s is %s%s", folder, filepath.Base(name), name, note)
	b.add(folder+filepath.Base(name), info.ModTime(), io.LimitReader(in, maxOfLog))
	return nil
}

// settings adds the documents of a folder that can be redacted; of everything else only the name.
func (b *bundle) settings(folder, from string) {
	entries, err := os.ReadDir(from)
	if err != nil {
		b.note("there are no settings in %s: %v", from, err)
		return
	}
	for _, entry := range entries {
		name := filepath.Join(from, entry.Name())
		var redact func([]byte) ([]byte, error)
		switch filepath.Ext(entry.Name()) {
		case ".json":
			redact = redactJSON
		case ".xml":
			redact = redactXML
		}
		if redact == nil || !entry.Type().IsRegular() {
			b.note("%s is left out: it may hold secrets", name)
			continue
		}
		text, err := store.ReadFile(name, maxSetting)
		if err == nil {
			text, err = redact(text)
		}
		if err != nil {
			b.note("%s is left out: %v", name, err)
			continue
		}
		b.note("%s%s is %s without secrets", folder, entry.Name(), name)
		b.text(folder+entry.Name(), string(text))
	}
}

// facts are what support asks first. Of the environment only what concerns the display is told.
func facts() string {
	var text strings.Builder
	say := func(name, value string) { fmt.Fprintf(&text, "%-20s %s\n", name, strings.TrimSpace(value)) }
	say("suite", version.Line("DTLSpy"))
	say("time", time.Now().UTC().Format(time.RFC3339))
	say("system", runtime.GOOS+"/"+runtime.GOARCH)
	say("processors", fmt.Sprint(runtime.NumCPU()))
	if name, err := os.Hostname(); err == nil {
		say("computer", name)
	}
	for _, file := range []string{"/proc/version", "/proc/uptime", "/proc/loadavg", "/etc/os-release", "/proc/meminfo"} {
		text, err := os.ReadFile(file)
		if err == nil {
			say(file, strings.ReplaceAll(string(text[:min(len(text), 2<<10)]), "\n", "\n                     "))
		}
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "LANG", store.HomeVariable} {
		if value, set := os.LookupEnv(name); set {
			say(name, printable(value))
		}
	}
	return text.String()
}
