package core_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/picture"
	"impero/core/store"
	"impero/core/wire"
)

const goodPassword = "correct horse battery"

// stepped is a made-up desktop that changes when the test says so.
type stepped struct {
	mu    sync.Mutex
	g     *capture.Generated
	steps chan struct{}
	first bool
}

func (s *stepped) Next(ctx context.Context) (*capture.Update, error) {
	if !s.first {
		s.first = true
		s.mu.Lock()
		defer s.mu.Unlock()
		f := s.g.Truth()
		return &capture.Update{Frame: f, Changed: []picture.Rect{f.Bounds()}}, nil
	}
	select {
	case <-s.steps:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.g.Next(context.WithoutCancel(ctx))
}

// Close makes the next Next give everything, as a source opened anew does.
func (s *stepped) Close() error {
	s.first = false
	return nil
}

// suite is a Host with both its halves, on a loopback port, and the homes of both sides.
type suite struct {
	t       testing.TB
	cfg     host.Config
	typing  func() (inject.Injector, error)                 // what each viewer types with
	agents  bool                                            // the test attaches the agents
	same    bool                                            // it is the same Host as others, which saves making a password's verifier
	starts  func(start func() error) error                  // has the Host listen
	dial    func(context.Context, string) (net.Conn, error) // of the Guests; nil for TCP
	h       *host.Host
	log     slog.Handler // of the Guests; nil for none
	level   wire.Level   // that Guests ask for; 0 for what they do by themselves
	display *stepped     // the desktop of the first viewer's turn
	hands   *injecttest.Recorder
	prompts agent.Prompts // the Host's user; nil for nobody
	home    store.Home
	live    living
	address string
}

// newSuite starts a Host; change may make it another before.
func newSuite(t testing.TB, roleName string, noDisplay bool, change ...func(*suite)) *suite {
	t.Helper()
	s := &suite{t: t, hands: new(injecttest.Recorder), home: store.At(t.TempDir())}
	s.display = &stepped{g: capture.NewGenerated(7, 320, 200), steps: make(chan struct{})}
	s.typing = func() (inject.Injector, error) { return s.hands, nil }
	s.starts = func(start func() error) error { return start() }
	daemon, user := net.Pipe()
	s.cfg = host.Config{Home: s.home, Name: "till-042", Listen: []string{"127.0.0.1:0"}, Agent: daemon}
	for _, f := range change {
		f(s)
	}
	if s.same {
		s.settleIn(roleName)
	}
	h, err := host.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.h = h
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Errorf("host: %v", err)
		}
	})
	if s.agents {
		user.Close()
	} else {
		wg.Go(func() { s.runAgent(ctx, user, noDisplay) })
	}
	t.Cleanup(func() { cancel(); wg.Wait(); h.Close() })
	s.await("the Host to know its display", func(st host.State) bool {
		return st.Display.Ready || s.agents || noDisplay && strings.Contains(st.Display.Reason, "no display")
	})
	if !s.same {
		if err := s.starts(func() error { return h.SetLogon(goodPassword, roleName) }); err != nil {
			t.Fatal(err)
		}
	}
	s.await("the Host to listen", func(st host.State) bool { return st.Running })
	s.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port))
	return s
}

// settled is the folder of a Host with a password, made once a role.
var settled sync.Map

// settleIn gives s the identity and the password that all of its kind have.
func (s *suite) settleIn(roleName string) {
	s.t.Helper()
	files := func() (map[string][]byte, error) {
		dir, err := os.MkdirTemp("", "impero-host-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		h, err := host.New(host.Config{Home: store.At(dir)})
		if err != nil {
			return nil, err
		}
		defer h.Close()
		if err := h.SetLogon(goodPassword, roleName); err != nil {
			return nil, err
		}
		files := map[string][]byte{}
		for _, name := range []string{"identity.key", "logon.json"} {
			if files[name], err = os.ReadFile(filepath.Join(store.At(dir).HostDir(), name)); err != nil {
				return nil, err
			}
		}
		return files, nil
	}
	once, _ := settled.LoadOrStore(roleName, sync.OnceValues(files))
	all, err := once.(func() (map[string][]byte, error))()
	for name, text := range all {
		err = errors.Join(err, store.WriteFile(filepath.Join(s.home.HostDir(), name), text, 0o600))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// runAgent is the Host's other half.
func (s *suite) runAgent(ctx context.Context, user net.Conn, noDisplay bool) {
	probed := false
	err := agent.Run(ctx, user, agent.Config{
		Capture: func() (capture.Source, error) {
			switch {
			case noDisplay:
				return nil, capture.ErrNoDisplay
			case !probed:
				probed = true
				return capture.NewGenerated(1, 64, 64), nil
			}
			return s.display, nil
		},
		Inject: s.typing, Prompts: s.prompts,
	})
	if err != nil {
		s.t.Errorf("agent: %v", err)
	}
}

// await waits until the Host's state is as wanted.
func (s *suite) await(what string, ok func(host.State) bool) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for !ok(s.h.State()) {
		select {
		case <-s.h.Changes():
		case <-limit:
			s.t.Fatalf("waited in vain for %s: %+v", what, s.h.State())
		}
	}
}

// at has a suite's Host and Guests use one encryption level.
func at(level wire.Level) func(*suite) {
	return func(s *suite) {
		s.level, s.same = level, true
		s.cfg.Levels = []wire.Level{level}
	}
}
