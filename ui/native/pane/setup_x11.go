//go:build !windows && !darwin

package pane

import (
	"fmt"

	"github.com/jezek/xgb/render"
	"github.com/jezek/xgb/shape"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"

	"impero/ui/native/xlink"
)

// setUp asks for what the pane needs and makes its window.
func (p *Pane) setUp() error {
	setup := xproto.Setup(p.conn)
	screen := setup.DefaultScreen(p.conn)
	if err := checkPixels(setup, screen); err != nil {
		return err
	}
	p.depth = screen.RootDepth
	if err := p.extensions(screen); err != nil {
		return err
	}
	if err := xlink.DetectRepeats(p.conn); err != nil {
		return err
	}
	if err := p.makeWindow(screen); err != nil {
		return err
	}
	return p.listen()
}

// checkPixels refuses servers whose pixels are not 32 bits of BGRX.
func checkPixels(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) error {
	bits := byte(0)
	for _, f := range setup.PixmapFormats {
		if f.Depth == screen.RootDepth {
			bits = f.BitsPerPixel
		}
	}
	for _, d := range screen.AllowedDepths {
		for _, v := range d.Visuals {
			if v.VisualId == screen.RootVisual && bits == 32 && setup.ImageByteOrder == xproto.ImageOrderLSBFirst &&
				v.RedMask == 0xff0000 && v.GreenMask == 0xff00 && v.BlueMask == 0xff {
				return nil
			}
		}
	}
	return fmt.Errorf("pixels that are not 32 bits of blue, green and red: %w", ErrUnsupported)
}

// extensions asks for them, and for their versions, as each wants to hear first.
func (p *Pane) extensions(screen *xproto.ScreenInfo) error {
	first, err := xlink.Extension(p.conn, "MIT-SHM")
	if err != nil {
		return err
	}
	p.completion = first + shm.Completion
	if _, err := shm.QueryVersion(p.conn).Reply(); err != nil {
		return fmt.Errorf("ask for the version of MIT-SHM: %w", err)
	}
	if err := p.trySegment(); err != nil {
		return err
	}
	if _, err := xlink.Extension(p.conn, "SHAPE"); err != nil {
		return err
	}
	if _, err := shape.QueryVersion(p.conn).Reply(); err != nil {
		return fmt.Errorf("ask for the version of SHAPE: %w", err)
	}
	return p.formats(screen)
}

// trySegment shows that the server can read this computer's memory: one that is
// reached over a network cannot.
func (p *Pane) trySegment() error {
	id, err := shm.NewSegId(p.conn)
	if err != nil {
		return err
	}
	mem, err := newSegment(4096, func(number uint32) error { return shm.AttachChecked(p.conn, id, number, true).Check() })
	if err != nil {
		return fmt.Errorf("share memory with the X server: %w", err)
	}
	shm.Detach(p.conn, id)
	return freeSegment(mem)
}

// formats finds how RENDER calls the pixels of windows and cursors.
func (p *Pane) formats(screen *xproto.ScreenInfo) error {
	if _, err := xlink.Extension(p.conn, "RENDER"); err != nil {
		return err
	}
	v, err := render.QueryVersion(p.conn, 0, 11).Reply()
	if err != nil {
		return fmt.Errorf("ask for the version of RENDER: %w", err)
	}
	if v.MajorVersion == 0 && v.MinorVersion < 10 { // the first that pads
		return fmt.Errorf("RENDER %d.%d: %w", v.MajorVersion, v.MinorVersion, ErrUnsupported)
	}
	all, err := render.QueryPictFormats(p.conn).Reply()
	if err != nil {
		return fmt.Errorf("ask for the formats of RENDER: %w", err)
	}
	for _, s := range all.Screens {
		for _, d := range s.Depths {
			for _, v := range d.Visuals {
				if v.Visual == screen.RootVisual {
					p.format = v.Format
				}
			}
		}
	}
	for _, f := range all.Formats {
		d := f.Direct
		if f.Depth == 32 && f.Type == render.PictTypeDirect && d.AlphaShift == 24 && d.AlphaMask == 255 && d.RedShift == 16 && d.BlueShift == 0 {
			p.argb = f.Id
		}
	}
	if p.format == 0 || p.argb == 0 {
		return fmt.Errorf("RENDER without the formats of windows and cursors: %w", ErrUnsupported)
	}
	return nil
}

// makeWindow makes the window, unseen. It has no ground, so that nothing flashes
// while it is placed elsewhere, and keeps what it shows at its upper left.
func (p *Pane) makeWindow(screen *xproto.ScreenInfo) error {
	var err error
	if p.window, err = xproto.NewWindowId(p.conn); err != nil {
		return err
	}
	if p.gc, err = xproto.NewGcontextId(p.conn); err != nil {
		return err
	}
	const events = xproto.EventMaskExposure | xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskPointerMotion |
		xproto.EventMaskEnterWindow | xproto.EventMaskLeaveWindow | xproto.EventMaskStructureNotify
	err = xproto.CreateWindowChecked(p.conn, screen.RootDepth, p.window, p.parent, 0, 0, 1, 1, 0, xproto.WindowClassInputOutput, screen.RootVisual,
		xproto.CwBackPixmap|xproto.CwBorderPixel|xproto.CwBitGravity|xproto.CwEventMask|xproto.CwColormap,
		[]uint32{xproto.BackPixmapNone, 0, xproto.GravityNorthWest, events, uint32(screen.DefaultColormap)}).Check()
	if err != nil {
		return fmt.Errorf("make the window: %w", err)
	}
	if err := xproto.CreateGCChecked(p.conn, p.gc, xproto.Drawable(p.window), xproto.GcGraphicsExposures, []uint32{0}).Check(); err != nil {
		return fmt.Errorf("make a graphics context: %w", err)
	}
	return p.makePicture()
}

func (p *Pane) makePicture() error {
	id, err := render.NewPictureId(p.conn)
	if err != nil {
		return err
	}
	if err := render.CreatePictureChecked(p.conn, id, xproto.Drawable(p.window), p.format, 0, nil).Check(); err != nil {
		return fmt.Errorf("make the window's picture: %w", err)
	}
	p.paint.out = id
	return nil
}

// listen asks for the keys of Fyne's window, which Fyne goes on hearing, and for
// what becomes of it.
func (p *Pane) listen() error {
	const events = xproto.EventMaskKeyPress | xproto.EventMaskKeyRelease | xproto.EventMaskFocusChange | xproto.EventMaskStructureNotify
	err := xproto.ChangeWindowAttributesChecked(p.conn, p.parent, xproto.CwEventMask, []uint32{events}).Check()
	if err != nil {
		return fmt.Errorf("listen on the window: %w", err)
	}
	focus, err := xproto.GetInputFocus(p.conn).Reply()
	if err != nil {
		return fmt.Errorf("ask who has the keyboard: %w", err)
	}
	p.reader.focused = focus.Focus == p.parent
	return nil
}
