//go:build unix && !darwin

package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"

	"impero/core/picture"
	"impero/core/x11"
)

// setUp asks for the extensions and selects the events of the root window.
func (s *x11Source) setUp() error {
	if err := s.checkPixels(); err != nil {
		return err
	}
	var err error
	if s.fixes, err = s.extension("XFIXES", 0, 4, 0); err != nil {
		return err
	}
	if s.damageExt, err = s.extension("DAMAGE", 0, 1, 1); err != nil {
		return err
	}
	if s.randr, err = s.extension("RANDR", 0, 1, 5); err == nil {
		s.hasRandr = true
	} else if !errors.Is(err, x11.ErrMissing) {
		return err
	}
	if err := s.checkWayland(); err != nil {
		return err
	}
	if err := s.setUpInput(); err != nil {
		return err
	}
	if s.shmExt, err = s.extension("MIT-SHM", 0); err != nil {
		if !errors.Is(err, x11.ErrMissing) {
			return err
		}
		s.noShm = true
	}
	const changeAttributes, eventMask, structure, substructure = 2, 1 << 11, 1 << 17, 1 << 19
	s.c.Send(changeAttributes, 0, s.root, eventMask, structure|substructure)
	const selectCursor, displayCursor = 3, 1
	s.c.Send(s.fixes.Opcode, selectCursor, s.root, displayCursor)
	if s.hasRandr {
		const selectInput, screenCrtcOutputResource = 4, 1 | 2 | 4 | 64
		s.c.Send(s.randr.Opcode, selectInput, s.root, screenCrtcOutputResource)
	}
	const createRegion, createDamage, nonEmpty = 5, 1, 3
	s.region, s.damage = s.c.NewID(), s.c.NewID()
	s.c.Send(s.fixes.Opcode, createRegion, s.region)
	return s.c.Check(s.damageExt.Opcode, createDamage, s.damage, s.root, nonEmpty)
}

// extension finds an extension and tells it the version we speak, as all of them want to hear first.
func (s *x11Source) extension(name string, minor byte, version ...uint32) (x11.Ext, error) {
	e, err := s.c.Extension(name)
	if err != nil {
		return e, err
	}
	if _, err := s.c.Call(e.Opcode, minor, version...); err != nil {
		return e, fmt.Errorf("ask for version of %s: %w", name, err)
	}
	return e, nil
}

// checkPixels refuses displays whose pixels are not 32 bits of BGRX.
func (s *x11Source) checkPixels() error {
	r := s.c.Root()
	bpp := 0
	for _, f := range s.c.Setup.Formats {
		if f.Depth == r.Depth {
			bpp = int(f.BitsPerPixel)
		}
	}
	switch {
	case r.Depth != 24 && r.Depth != 32 || bpp != 32:
		return fmt.Errorf("%w: its colours have %d bits (%d in memory); only 24 bits of colour in 32 are possible", ErrUnsupported, r.Depth, bpp)
	case r.Red != 0xff0000 || r.Green != 0xff00 || r.Blue != 0xff || s.c.Setup.BigEndianImages:
		return fmt.Errorf("%w: its pixels are not in the order blue, green, red", ErrUnsupported)
	}
	return nil
}

// checkWayland refuses the X server of a Wayland desktop: it sees X programs' windows only, and a black desktop.
func (s *x11Source) checkWayland() error {
	if os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	_, err := s.c.Extension("XWAYLAND")
	switch {
	case err == nil:
		return ErrWayland
	case !errors.Is(err, x11.ErrMissing):
		return err
	}
	mons, err := s.readMonitors(1<<15-1, 1<<15-1)
	if err != nil {
		return err
	}
	for _, m := range mons {
		if strings.HasPrefix(m.Name, "XWAYLAND") {
			return ErrWayland
		}
	}
	return nil
}

// setUpInput asks for the raw movements of all pointers, which wake us without anyone's windows or grabs in the way.
func (s *x11Source) setUpInput() error {
	e, err := s.c.Extension("XInputExtension")
	if errors.Is(err, x11.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	const queryVersion, selectEvents, allMasters = 47, 46, 1
	v, err := s.c.Call(e.Opcode, queryVersion, x11.Pair(2, 2))
	var refused *x11.Error
	if errors.As(err, &refused) {
		return nil // XInput 1 only
	}
	if err != nil {
		return fmt.Errorf("ask for version of XInputExtension: %w", err)
	}
	if binary.LittleEndian.Uint16(v[8:]) < 2 {
		return nil
	}
	err = s.c.Check(e.Opcode, selectEvents, s.root, x11.Pair(1, 0), x11.Pair(allMasters, 1), 1<<inputRawMotion)
	if errors.As(err, &refused) {
		return nil
	}
	s.input, s.hasInput = e, err == nil
	return err
}

// readLayout reads size and monitors; a new layout goes into u, and a new size gets a new frame, all of it to be captured.
func (s *x11Source) readLayout(u *Update) error {
	const getGeometry = 14
	g, err := s.c.Call(getGeometry, 0, s.root)
	if err != nil {
		return fmt.Errorf("read size of display: %w", err)
	}
	w, h := int(binary.LittleEndian.Uint16(g[16:])), int(binary.LittleEndian.Uint16(g[18:]))
	if err := picture.CheckSize(w, h); err != nil {
		return fmt.Errorf("%w: %v", ErrUnsupported, err)
	}
	l := &picture.Layout{W: w, H: h}
	if l.Monitors, err = s.readMonitors(w, h); err != nil {
		return err
	}
	if len(l.Monitors) == 0 {
		l.Monitors = []picture.Monitor{{Rect: picture.Rect{W: w, H: h}, Primary: true}}
	}
	if s.frame == nil || s.frame.W != w || s.frame.H != h {
		s.frame = picture.NewFrame(w, h, picture.BGRX)
		s.rects = append(s.rects[:0], s.frame.Bounds())
		if err := s.share(w * h * 4); err != nil {
			return err
		}
	}
	if !sameLayout(s.layout, l) {
		s.layout, u.Layout = l, l
	}
	return nil
}

// readMonitors asks RandR for the active monitors, cut to a desktop of w × h. A server without RandR 1.5 gives none.
func (s *x11Source) readMonitors(w, h int) ([]picture.Monitor, error) {
	if !s.hasRandr {
		return nil, nil
	}
	const getMonitors, active = 42, 1
	m, err := s.c.Call(s.randr.Opcode, getMonitors, s.root, active)
	var refused *x11.Error
	if errors.As(err, &refused) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read monitors: %w", err)
	}
	le := binary.LittleEndian
	n := min(le.Uint32(m[12:]), MaxMonitors)
	m = bytes.Clone(m[32:]) // the names take further calls
	var out []picture.Monitor
	primary := false
	for range n {
		if len(m) < 24 {
			break
		}
		r := picture.Rect{X: int(int16(le.Uint16(m[8:]))), Y: int(int16(le.Uint16(m[10:]))), W: int(le.Uint16(m[12:])), H: int(le.Uint16(m[14:]))}
		if r = r.Intersect(picture.Rect{W: w, H: h}); !r.Empty() {
			name, err := s.atomName(le.Uint32(m))
			if err != nil {
				return nil, err
			}
			first := m[4] != 0 && !primary
			primary = primary || first
			out = append(out, picture.Monitor{Name: name, Rect: r, Primary: first})
		}
		m = m[min(24+4*int(le.Uint16(m[6:])), len(m)):]
	}
	if len(out) > 0 && !primary {
		out[0].Primary = true
	}
	return out, nil
}

func (s *x11Source) atomName(atom uint32) (string, error) {
	const getAtomName = 17
	r, err := s.c.Call(getAtomName, 0, atom)
	var refused *x11.Error
	if errors.As(err, &refused) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read name of monitor: %w", err)
	}
	n := int(binary.LittleEndian.Uint16(r[8:]))
	return strings.ToValidUTF8(string(r[32:32+min(n, 64, len(r)-32)]), ""), nil
}
