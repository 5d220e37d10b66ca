package spy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"impero/core/store"
)

// maxLine bounds a line, in bytes; what is longer is cut.
const maxLine = 128 << 10

// look is how often a file that is followed is looked at.
const look = 250 * time.Millisecond

// Read gives the lines of a file to take, without their newlines. With follow it goes on as the file grows, until ctx ends: also when
// it is set aside and another takes its place, and when it is made empty; a file that is not there yet is waited for. An
// unfinished last line is given at the end.
func Read(ctx context.Context, name string, follow bool, take func(line string)) error {
	r := &reader{name: name, take: take}
	defer r.close()
	for {
		err := r.more()
		if errors.Is(err, fs.ErrNotExist) && follow {
			err = nil
		}
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if !follow {
			r.finish()
			return nil
		}
		timer := time.NewTimer(look)
		select {
		case <-ctx.Done():
			timer.Stop()
			r.finish()
			return nil
		case <-timer.C:
		}
	}
}

// reader is how far a file is read.
type reader struct {
	name string
	take func(string)
	in   *os.File
	at   int64
	rest []byte // of an unfinished line
	skip bool   // the rest of a line that is too long
}

// more reads what there is; when another file has taken the place of this one, this one to its end first.
func (r *reader) more() error {
	for {
		if r.in == nil {
			if err := r.open(); err != nil {
				return err
			}
		}
		// Asked before the last read: what was written before the file was set aside is there then.
		current, err := os.Stat(r.name)
		if err := r.drain(); err != nil {
			return err
		}
		own, ownErr := r.in.Stat()
		switch {
		case ownErr != nil:
			return ownErr
		case err == nil && !os.SameFile(own, current):
			r.finish()
			r.close()
			continue
		case own.Size() < r.at:
			r.finish()
			if _, err := r.in.Seek(0, io.SeekStart); err != nil {
				return err
			}
			r.at = 0
			continue
		}
		return nil
	}
}

func (r *reader) open() error {
	info, err := os.Stat(r.name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait
		return fmt.Errorf("%s: %w", r.name, store.ErrNotRegular)
	}
	r.in, err = os.Open(r.name)
	r.at = 0
	return err
}

func (r *reader) drain() error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.in.Read(buffer)
		r.at += int64(n)
		r.lines(buffer[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *reader) lines(text []byte) {
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		part := text
		if end >= 0 {
			part = text[:end]
		}
		if room := maxLine - len(r.rest); len(part) > room {
			part, r.skip = part[:room], true
		}
		r.rest = append(r.rest, part...)
		if end < 0 {
			return
		}
		r.finish()
		text = text[end+1:]
	}
}

// finish gives the line that was read.
func (r *reader) finish() {
	if len(r.rest) > 0 {
		line := string(bytes.TrimSuffix(r.rest, []byte{'\r'}))
		if r.skip {
			line += " (cut)"
		}
		r.take(line)
	}
	r.rest, r.skip = r.rest[:0], false
}

func (r *reader) close() {
	if r.in != nil {
		r.in.Close()
		r.in = nil
	}
}
