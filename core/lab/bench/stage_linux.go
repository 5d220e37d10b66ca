package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/lab"
	"impero/core/lab/load"
	"impero/core/lab/measure"
	"impero/core/lab/viewer"
	"impero/core/x11"
)

// stage is all that runs for one run of a cell.
type stage struct {
	b       *Bench
	cell    measure.Cell
	link    Link
	display string
	address string // the server's
	server  *lab.Process
	window  *lab.Process // the viewer with a window, if that is measured
	relay   *relay       // of it
	painter painter
	eye     eye
	closers []func() // of what runs, the last one first
}

func (s *stage) later(end func()) { s.closers = append(s.closers, end) }

func (s *stage) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

// build starts everything; the viewer shows the first picture when it returns.
func (s *stage) build(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.address = net.JoinHostPort(s.link.Address(), port)
	if servers[s.cell.Program].display {
		if s.display, err = freeDisplay(); err == nil {
			err = s.serve(ctx, port)
		}
	} else {
		var x *lab.X
		if x, err = lab.RunX(ctx, lab.Screen{W: load.Width, H: load.Height}); err == nil {
			s.display = x.Display
			s.later(func() { x.Close() })
		}
	}
	if err != nil {
		return err
	}
	if err := s.paint(ctx); err != nil {
		return err
	}
	if s.server == nil {
		if err := s.serve(ctx, port); err != nil {
			return err
		}
	}
	if s.cell.Client == Window {
		return s.openWindow(ctx)
	}
	return s.openEye(ctx)
}

// serve starts the server.
func (s *stage) serve(ctx context.Context, port string) error {
	argv := servers[s.cell.Program].command(s.b, s.display, s.link.Address(), port)
	p, err := s.link.Run(ctx, s.display, argv...)
	if err != nil {
		return fmt.Errorf("%w; make bench installs what is missing", err)
	}
	s.server = p
	s.later(func() { p.Close() })
	return nil
}

// command is how the server was started, as a person would type it.
func (s *stage) command() string {
	argv := servers[s.cell.Program].command(s.b, ":0", "127.0.0.1", "5900")
	for len(argv) > 2 && (argv[0] == "env" || strings.Contains(argv[0], "=")) {
		argv = argv[1:]
	}
	argv[0] = filepath.Base(argv[0])
	return strings.Join(argv, " ")
}

// paint starts the load, once the display is there.
func (s *stage) paint(ctx context.Context) error {
	if err := s.awaitDisplay(ctx); err != nil {
		return err
	}
	p, err := startPainter(ctx, s.b.program, s.display, s.cell.Load)
	if err != nil {
		return err
	}
	s.painter = p
	s.later(func() { p.close() })
	return nil
}

// awaitDisplay waits for an X server that was started as a program like others.
func (s *stage) awaitDisplay(ctx context.Context) error {
	for s.server != nil {
		c, err := x11.Dial(ctx, s.display)
		if err == nil {
			return c.Close()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-s.server.Done():
			return fmt.Errorf("the X server ended; it said: %s", s.server.Output())
		case <-ctx.Done():
			return fmt.Errorf("the X server does not answer: %w", err)
		}
	}
	return nil
}

// openEye connects viewers without windows.
func (s *stage) openEye(ctx context.Context) error {
	spec, err := load.Find(s.cell.Load)
	if err != nil {
		return err
	}
	var files []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for range s.cell.Viewers {
		conn, err := dial(ctx, s.link, s.address, s.server)
		if err != nil {
			return err
		}
		file, err := conn.(*net.TCPConn).File()
		conn.Close()
		if err != nil {
			return fmt.Errorf("hand a connection over: %w", err)
		}
		files = append(files, file)
	}
	cfg := viewer.Config{Kind: servers[s.cell.Program].kind, Viewers: s.cell.Viewers, Places: spec.Places}
	if cfg.Kind == viewer.KindImpero {
		cfg.Address, cfg.Password, cfg.Home = s.address, s.b.password, s.b.home
		if err := s.b.remember(s.address); err != nil {
			return err
		}
	}
	return s.look(ctx, files, cfg)
}

func (s *stage) look(ctx context.Context, files []*os.File, cfg viewer.Config) error {
	e, err := startEye(ctx, s.b.program, files, cfg)
	if err != nil {
		return s.blame(err)
	}
	s.eye = e
	s.later(func() { e.close() })
	return nil
}

// blame adds what the server and the viewer's window said to an error.
func (s *stage) blame(err error) error {
	for _, p := range []*lab.Process{s.server, s.window} {
		if p != nil && p.Output() != "" {
			err = fmt.Errorf("%w\n\tit said: %s", err, p.Output())
		}
	}
	return err
}

// openWindow starts a viewer with a window on a second X server, and something that looks at it.
func (s *stage) openWindow(ctx context.Context) error {
	spec, err := load.Find(s.cell.Load)
	if err != nil {
		return err
	}
	conn, err := dial(ctx, s.link, s.address, s.server)
	if err != nil {
		return err
	}
	conn.Close()
	x, err := lab.RunX(ctx, lab.Screen{W: load.Width, H: load.Height})
	if err != nil {
		return err
	}
	s.later(func() { x.Close() })
	wm, err := lab.RunProcess(ctx, x.Display, "openbox")
	if err != nil {
		return err
	}
	s.later(func() { wm.Close() })
	if err := awaitManager(ctx, x.Display); err != nil {
		return err
	}
	if s.relay, err = startRelay(ctx, s.link, s.address); err != nil {
		return err
	}
	s.later(s.relay.close)
	if s.cell.Program == Impero {
		if err := s.b.remember(s.relay.address()); err != nil {
			return err
		}
	}
	if s.window, err = lab.RunProcess(ctx, x.Display, servers[s.cell.Program].window(s.b, s.relay.address())...); err != nil {
		return err
	}
	s.later(func() { s.window.Close() })
	return s.look(ctx, nil, viewer.Config{Kind: viewer.KindWindow, Viewers: 1, Places: spec.Places, Display: x.Display})
}

// awaitManager waits until a window manager says on a display that it is there (EWMH: _NET_SUPPORTING_WM_CHECK).
func awaitManager(ctx context.Context, display string) error {
	const opInternAtom, opGetProperty, anyType = 16, 20, 0
	c, err := x11.Dial(ctx, display)
	if err != nil {
		return err
	}
	defer c.Close()
	const name = "_NET_SUPPORTING_WM_CHECK"
	body := append([]byte{byte(len(name)), 0, 0, 0}, name...)
	r, err := c.Reply(c.SendBytes(opInternAtom, 0, body))
	if err != nil {
		return err
	}
	atom := uint32(r[8]) | uint32(r[9])<<8 | uint32(r[10])<<16 | uint32(r[11])<<24
	for {
		r, err := c.Call(opGetProperty, 0, c.Root().Root, atom, anyType, 0, 1)
		if err != nil {
			return err
		}
		if r[1] != 0 { // the format of a property that is there
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return errors.New("the window manager does not start")
		}
	}
}
