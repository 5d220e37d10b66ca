package viewer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"impero/core/lab/barcode"
	"impero/core/picture"
	"impero/core/x11"
)

// Requests of the X protocol and its extensions, with their numbers.
const (
	shmAttach      = 1
	shmGetImage    = 4
	damageVersion  = 0
	damageCreate   = 1
	damageSubtract = 3
	reportNonEmpty = 3
	testFake       = 2
	fakePress      = 2
	fakeRelease    = 3
	fakeMotion     = 6
	formatZPixmap  = 2
	allPlanes      = 1<<32 - 1
	keycodeA       = 38 // of the letter a on every keyboard of XKB's evdev rules
)

// window watches an X display on which a viewer's window fills the screen: as a person does, it sees pixels alone.
type window struct {
	c, hands *x11.Conn // hands is used by another goroutine than c
	shm      x11.Ext
	damage   x11.Ext
	test     x11.Ext
	watched  uint32 // the damage object
	segment  uint32
	memory   []byte
	frame    *picture.Frame
	places   []barcode.Place
}

func openWindow(ctx context.Context, display string, places []barcode.Place) (*window, error) {
	w := &window{places: places}
	var err error
	if w.c, err = x11.Dial(ctx, display); err != nil {
		return nil, err
	}
	if w.hands, err = x11.Dial(ctx, display); err != nil {
		return nil, errors.Join(err, w.c.Close())
	}
	if err := w.setUp(); err != nil {
		return nil, errors.Join(fmt.Errorf("watch display %s: %w", display, err), w.c.Close(), w.hands.Close())
	}
	return w, nil
}

func (w *window) setUp() error {
	root := w.c.Root()
	w.frame = picture.NewFrame(root.W, root.H, picture.BGRX)
	var err error
	if w.shm, err = w.c.Extension("MIT-SHM"); err != nil {
		return err
	}
	if w.damage, err = w.c.Extension("DAMAGE"); err != nil {
		return err
	}
	if w.test, err = w.hands.Extension("XTEST"); err != nil {
		return err
	}
	if err := w.share(); err != nil {
		return err
	}
	if _, err := w.c.Call(w.damage.Opcode, damageVersion, 1, 1); err != nil {
		return err
	}
	w.watched = w.c.NewID()
	return w.c.Check(w.damage.Opcode, damageCreate, w.watched, root.Root, reportNonEmpty)
}

// share makes memory that the X server writes pictures into.
func (w *window) share() error {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, len(w.frame.Pix), unix.IPC_CREAT|0o600)
	if err != nil {
		return fmt.Errorf("make shared memory: %w", err)
	}
	defer unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	if w.memory, err = unix.SysvShmAttach(id, 0, 0); err != nil {
		return fmt.Errorf("share memory: %w", err)
	}
	w.segment = w.c.NewID()
	return w.c.Check(w.shm.Opcode, shmAttach, w.segment, uint32(id), 0)
}

// run looks at the numbers at every change of the display, and at all of it once the last frame is there.
func (w *window) run(ctx context.Context, look func(*picture.Frame)) error {
	defer w.c.Close()
	stop := context.AfterFunc(ctx, w.c.Interrupt)
	defer stop()
	for {
		w.c.Send(w.damage.Opcode, damageSubtract, w.watched, 0, 0)
		for _, p := range w.places {
			if err := w.grab(picture.Rect{X: p.X, Y: p.Y, W: barcode.W, H: barcode.H}.Intersect(w.frame.Bounds())); err != nil {
				return err
			}
		}
		if n, ok := barcode.ReadAll(w.frame, w.places); ok && n.Last {
			if err := w.grab(w.frame.Bounds()); err != nil {
				return err
			}
		}
		look(w.frame)
		if _, _, err := w.c.Event(time.Time{}); err != nil {
			return err
		}
	}
}

func (w *window) grab(r picture.Rect) error {
	_, err := w.c.Call(w.shm.Opcode, shmGetImage, w.c.Root().Root, x11.Pair(r.X, r.Y), x11.Pair(r.W, r.H), allPlanes, formatZPixmap, w.segment, 0)
	if err != nil {
		return err
	}
	for y := range r.H {
		copy(w.frame.Row(r.Y+y, r.X, r.X+r.W), w.memory[y*r.W*4:])
	}
	return nil
}

// fake has the display believe in a key or a movement of the mouse.
func (w *window) fake(kind, detail uint32, x, y int) error {
	w.hands.Send(w.test.Opcode, testFake, kind|detail<<8, 0, 0, 0, 0, x11.Pair(x, y), 0, 0)
	return w.hands.Flush()
}

func (w *window) key(down bool) error {
	kind := uint32(fakeRelease)
	if down {
		kind = fakePress
	}
	return w.fake(kind, keycodeA, 0, 0)
}

// point moves the mouse to the middle of the screen: a window that takes keys only while the pointer is over it has it.
func (w *window) point() error { return w.fake(fakeMotion, 0, w.frame.W/2, w.frame.H/2) }

// received is nothing: the bytes are the viewer's own, and whoever started it counts them.
func (w *window) received() uint64 { return 0 }

func (w *window) close() {
	w.c.Interrupt()
	w.hands.Close()
}
