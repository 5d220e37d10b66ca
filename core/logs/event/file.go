package event

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"impero/core/store"
)

// FileOptions say where the local log is. Only Name is needed.
type FileOptions struct {
	Name         string
	OldFolder    string // for full files; empty: beside the log, its name without suffix and "_old"
	Host         string // written in each file's header
	RotationSize int64  // bytes of a file that is set aside; 0 for 10 MB
	Keep         int    // files set aside that are kept, the newest; 0 for 20
}

const (
	rotationSize = 10 << 20
	keepParts    = 20
)

// syncEvery is how often what was written is brought to the disk: a power failure takes the events of this time, and the disk has
// one write a second to do. What only a crash of the program follows is never lost.
const syncEvery = time.Second

// File is the local log, a [Sink]. One program at a time may have it open.
type File struct {
	o FileOptions

	mu     sync.Mutex
	out    *os.File // nil after a failure to begin a part, until the next try
	head   *os.File
	part   uint64
	size   int64
	last   head
	buffer []byte
	timer  *time.Timer // until the next sync; nil if nothing waits for it
	closed bool
}

// OpenFile opens the log to be written on. What it finds changed by others since it was last written, or left unfinished by a
// crash, is returned as events to be recorded; the log goes on after them.
func OpenFile(o FileOptions) (*File, []Event, error) {
	if o.RotationSize == 0 {
		o.RotationSize = rotationSize
	}
	if o.Keep == 0 {
		o.Keep = keepParts
	}
	if o.OldFolder == "" {
		o.OldFolder = oldFolder(o.Name)
	}
	f := &File{o: o}
	found, err := f.open()
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("open the event log: %w", err)
	}
	return f, found, nil
}

// Last is the sequence of the last event that the log holds or held.
func (f *File) Last() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last.sequence
}

func (f *File) open() (found []Event, err error) {
	if err := store.MakeFolder(filepath.Dir(f.o.Name)); err != nil {
		return nil, err
	}
	before, known, err := readHead(f.o.Name)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		found = append(found, tampered(err.Error()))
	}
	state, more, err := f.examine(before, known)
	if err != nil {
		return nil, err
	}
	found = append(found, more...)
	if f.head, err = openHead(f.o.Name); err != nil {
		return nil, err
	}
	f.part, f.last = max(state.Part, f.newestPart()), head{max(state.Last, before.sequence), state.last}
	if state.Size == 0 { // there is none to go on with
		if known {
			f.last.hash = before.hash
		}
		return found, f.begin()
	}
	f.part = state.Part
	if f.out, err = store.OpenOwn(f.o.Name, os.O_WRONLY|os.O_APPEND); err != nil {
		return nil, err
	}
	f.size = state.Size
	return found, f.keepHead()
}

// begin begins a new part after the last one.
func (f *File) begin() error {
	h := header{part: f.part + 1, begun: now(), host: f.o.Host, before: f.last.hash}
	line, d := link(h.before, appendHeader(nil, h))
	out, err := store.OpenOwn(f.o.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND)
	if err != nil {
		return err
	}
	if _, err = store.KeepPrivate(f.o.Name); err == nil {
		_, err = out.Write(line)
	}
	if err != nil {
		return errors.Join(err, out.Close(), os.Remove(f.o.Name))
	}
	f.out, f.part, f.size, f.last.hash = out, h.part, int64(len(line)), d
	return f.keepHead()
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// keepHead writes the head.
func (f *File) keepHead() error {
	_, err := f.head.WriteAt(f.last.text(), 0)
	return err
}

// Write writes events, whose sequences rise. If it fails, the events that are not in the log are not in it in part either.
func (f *File) Write(_ context.Context, events []Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return fs.ErrClosed
	}
	for len(events) > 0 {
		if err := f.ready(); err != nil {
			return fmt.Errorf("write the event log: %w", err)
		}
		n, err := f.writeSome(events)
		if err != nil {
			return fmt.Errorf("write the event log: %w", err)
		}
		events = events[n:]
	}
	if f.timer == nil {
		f.timer = time.AfterFunc(syncEvery, f.sync)
	}
	return nil
}

// ready sees to it that there is a part with room.
func (f *File) ready() error {
	if f.out != nil && f.size < f.o.RotationSize {
		return nil
	}
	if f.out != nil {
		f.syncNow()
		err := f.out.Close()
		f.out = nil
		if err != nil {
			return err
		}
	}
	if _, err := os.Lstat(f.o.Name); err == nil {
		if err := f.setAside(f.part); err != nil {
			return err
		}
	}
	return f.begin()
}

// writeSome writes events until the part is full, in one write, and says how many.
func (f *File) writeSome(events []Event) (n int, err error) {
	next := f.last
	f.buffer = f.buffer[:0]
	for n < len(events) && (n == 0 || f.size+int64(len(f.buffer)) < f.o.RotationSize) {
		start := len(f.buffer)
		f.buffer = appendEvent(f.buffer, &events[n])
		var line []byte
		line, next.hash = link(next.hash, f.buffer[start:])
		f.buffer = append(f.buffer[:start], line...)
		next.sequence = events[n].Sequence
		n++
	}
	if _, err := f.out.Write(f.buffer); err != nil {
		// A full disk takes a part of it: what is not whole goes again.
		return 0, errors.Join(err, f.out.Truncate(f.size))
	}
	f.size += int64(len(f.buffer))
	f.last = next
	return n, f.keepHead()
}

// sync brings what was written to the disk.
func (f *File) sync() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.timer = nil
	f.syncNow()
}

// syncNow brings the log to the disk and then its head: so a power failure in between leaves a head that is older, which is no
// sign of a log that was cut off. A disk that fails here fails at the next write too, which tells.
func (f *File) syncNow() {
	if f.out != nil && !f.closed && f.out.Sync() == nil {
		f.head.Sync()
	}
}

// Close brings everything to the disk and closes the log. Closing it again does nothing.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	if f.timer != nil {
		f.timer.Stop()
	}
	f.syncNow()
	f.closed = true
	var err error
	for _, file := range []*os.File{f.out, f.head} {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
	}
	return err
}
