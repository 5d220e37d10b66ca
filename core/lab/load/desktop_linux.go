package load

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

// Requests of the X protocol, with their numbers.
const (
	opCreateWindow    = 1
	opMapWindow       = 8
	opConfigureWindow = 12
	opGetInputFocus   = 43
	opSetInputFocus   = 42
	opCreatePixmap    = 53
	opCreateGC        = 55
	opChangeGC        = 56
	opCopyArea        = 62
	opPolyFillRect    = 70
	shmAttach         = 1
	shmPutImage       = 3
	eventKeyPress     = 2
	maskBackPixmap    = 1 << 0
	maskOverride      = 1 << 9
	maskEvents        = 1 << 11
	selectKeys        = 1 << 0
	gcForeground      = 1 << 2
	gcExposures       = 1 << 16
	configureXY       = 1<<0 | 1<<1
	inputOutput       = 1
	formatZPixmap     = 2
	focusPointerRoot  = 1
	windowDepth       = 0 // as its parent
)

// desktop is a display filled by one window, and what scenes draw on it with.
type desktop struct {
	display string
	c       *x11.Conn
	shm     x11.Ext
	gc      uint32
	back    uint32 // the window that fills the display
	wall    *bitmap
	places  []barcode.Place
	marks   *bitmap
	side    *desktop // what something else is drawn with, and closed with this; nil for none
}

// bitmap is a picture in memory that the X server sees too.
type bitmap struct {
	*picture.Frame
	segment uint32
}

// openDesktop shows a wallpaper on all of a display.
func openDesktop(ctx context.Context, display string, places []barcode.Place) (*desktop, error) {
	c, err := x11.Dial(ctx, display)
	if err != nil {
		return nil, err
	}
	d := &desktop{display: display, c: c, places: places}
	if err := d.setUp(); err != nil {
		c.Close()
		return nil, err
	}
	return d, nil
}

func (d *desktop) setUp() error {
	root := d.c.Root()
	if root.W != Width || root.H != Height || root.Depth != 24 || root.Red != 0xff0000 {
		return fmt.Errorf("the display has %d × %d pixels of %d bits, not %d × %d of 24", root.W, root.H, root.Depth, Width, Height)
	}
	if err := d.prepare(); err != nil {
		return err
	}
	var err error
	if d.marks, err = d.bitmap(barcode.W, barcode.H); err != nil {
		return err
	}
	if d.wall, err = d.bitmap(Width, Height); err != nil {
		return err
	}
	copy(d.wall.Pix, photo(Width, Height, 3).Pix)
	pixmap := d.c.NewID()
	d.c.Send(opCreatePixmap, root.Depth, pixmap, root.Root, x11.Pair(Width, Height))
	d.put(pixmap, d.wall, d.wall.Bounds(), 0, 0)
	d.back = d.window(picture.Rect{W: Width, H: Height}, maskBackPixmap, pixmap)
	return d.finish()
}

// prepare has all that put needs.
func (d *desktop) prepare() (err error) {
	if d.shm, err = d.c.Extension("MIT-SHM"); err != nil {
		return err
	}
	d.gc = d.c.NewID()
	d.c.Send(opCreateGC, 0, d.gc, d.c.Root().Root, gcExposures, 0)
	return nil
}

// window makes a window that no window manager touches, and shows it above the others. mask and value are of one more
// attribute before "override redirect"; 0 for none.
func (d *desktop) window(r picture.Rect, mask, value uint32) uint32 {
	w := d.c.NewID()
	words := []uint32{w, d.c.Root().Root, x11.Pair(r.X, r.Y), x11.Pair(r.W, r.H), x11.Pair(0, inputOutput), 0, mask | maskOverride | maskEvents}
	if mask != 0 {
		words = append(words, value)
	}
	d.c.Send(opCreateWindow, windowDepth, append(words, 1, selectKeys)...)
	d.c.Send(opMapWindow, 0, w)
	return w
}

// bitmap makes a picture; its memory is the system's again when both sides have let go of it.
func (d *desktop) bitmap(w, h int) (*bitmap, error) {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, w*h*4, unix.IPC_CREAT|0o600)
	if err != nil {
		return nil, fmt.Errorf("make shared memory: %w", err)
	}
	defer unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	memory, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("share memory: %w", err)
	}
	b := &bitmap{Frame: &picture.Frame{W: w, H: h, Pix: memory}, segment: d.c.NewID()}
	if err := d.c.Check(d.shm.Opcode, shmAttach, b.segment, uint32(id), 1); err != nil {
		return nil, errors.Join(fmt.Errorf("share memory with the display: %w", err), unix.SysvShmDetach(memory))
	}
	return b, nil
}

// put draws a part of b at x, y of a window.
func (d *desktop) put(window uint32, b *bitmap, part picture.Rect, x, y int) {
	d.c.Send(d.shm.Opcode, shmPutImage, window, d.gc, x11.Pair(b.W, b.H), x11.Pair(part.X, part.Y), x11.Pair(part.W, part.H),
		x11.Pair(x, y), uint32(d.c.Root().Depth)|formatZPixmap<<8, b.segment, 0)
}

// mark draws the number of a frame at its places.
func (d *desktop) mark(n barcode.Number) {
	barcode.Draw(d.marks.Pix, barcode.W*4, n)
	for _, p := range d.places {
		d.put(d.back, d.marks, d.marks.Bounds(), p.X, p.Y)
	}
}

// finish sends what is waiting and returns when the X server has done it.
func (d *desktop) finish() error {
	_, err := d.c.Call(opGetInputFocus, 0)
	return err
}

// keyPressed waits for a key; false says that Interrupt was called.
func (d *desktop) keyPressed() (bool, error) {
	for {
		e, ok, err := d.c.Event(time.Time{})
		if errors.Is(err, x11.ErrInterrupted) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if ok && e.Code() == eventKeyPress {
			return true, nil
		}
	}
}

// close ends the connection; the display forgets all windows. The memory stays until the process ends, because frames
// lie in it.
func (d *desktop) close() {
	d.c.Close()
	if d.side != nil {
		d.side.close()
	}
}
