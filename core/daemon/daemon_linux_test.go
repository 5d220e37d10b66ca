package daemon

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/config"
	"impero/core/daemon/keeper"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/local"
	"impero/core/logs"
	"impero/core/machine"
	"impero/core/seat"
	"impero/core/store"
)

// computer is a Machine that only writes down.
type computer struct {
	mu    sync.Mutex
	lines []string
}

func (c *computer) add(line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, line)
	return nil
}

func (c *computer) WakeAt(_ context.Context, t time.Time) error {
	return c.add("wake " + t.Format("15:04"))
}
func (c *computer) Standby(context.Context) error { return c.add("standby") }
func (c *computer) LoadAtBoot(_ context.Context, on bool) error {
	if on {
		return c.add("load at boot")
	}
	return c.add("do not load at boot")
}

// nobody are Accounts without any.
type nobody struct{}

func (nobody) Check(context.Context, string, string, string) (directory.Verdict, error) {
	return 0, directory.ErrUnsupported
}
func (nobody) Find(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}
func (nobody) FindID(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}

// log keeps what is logged.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// place is a folder for a daemon.
func place(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "daemon")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// daemonAt is of a daemon on a computer without a desktop, whose configuration has these values of General.
func daemonAt(t *testing.T, dir string, l *log, m machine.Machine, general map[string]string) (Config, error) {
	t.Helper()
	home := store.At(dir)
	d := config.New()
	for a, v := range general {
		if err := d.Set(config.Root+"/Configuration/LocalConfiguration/HostComputer/General", a, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(home.HostDir(), config.FileName)); err != nil {
		if err := config.At(home.HostDir(), slog.New(slog.DiscardHandler)).Save(d); err != nil {
			t.Fatal(err)
		}
	}
	k, err := keeper.Open(keeper.Options{Home: home, Service: true, Machine: m, Command: keeper.Command{
		Listen: []string{"127.0.0.1:0"},
		Logs: func(o logs.Options) logs.Options {
			o.Stderr, o.Console = l, logs.Trace
			return o
		},
	}})
	if err != nil {
		return Config{}, err
	}
	t.Cleanup(func() { k.Close() })
	return Config{
		Keeper: k, Display: seat.X{Display: ":9", Sockets: filepath.Join(dir, "none")}, Program: []string{"/bin/false"}, Accounts: nobody{},
	}, nil
}

// TestStartupOptions: an idle Host exits, and then the computer goes to standby; it wakes up every day.
func TestStartupOptions(t *testing.T) {
	var l log
	c := new(computer)
	cfg, err := daemonAt(t, place(t), &l, c, map[string]string{
		"LoadAtBoot": "Enabled", "ExitWhenIdle": "1", "StandbyOnIdle": "Enabled", "WakeEveryDay": "Enabled", "WakeHour": "20", "WakeMinute": "5",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	slices.Sort(c.lines[:2])
	if want := []string{"load at boot", "wake 20:05", "standby"}; !slices.Equal(c.lines, want) {
		t.Errorf("the computer was told %q, want %q", c.lines, want)
	}
	if !strings.Contains(l.String(), "the Host was idle and exits") {
		t.Errorf("the log is:\n%s", &l)
	}
}

// TestStrangersAreSentAway, and a second daemon does not take the first one's place.
func TestStrangersAreSentAway(t *testing.T) {
	var l log
	dir := place(t)
	cfg, err := daemonAt(t, dir, &l, new(computer), map[string]string{"StartAtLoad": "Disabled"})
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan *host.Host, 1)
	cfg.Ready = func(h *host.Host) { ready <- h }
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- Run(ctx, cfg) }()
	h := <-ready
	c, err := local.Dial(t.Context(), store.At(dir).AgentSocket())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("a stranger read %d bytes, %v", n, err)
	}
	var running *store.RunningError
	if _, err := daemonAt(t, dir, &l, new(computer), nil); !errors.As(err, &running) {
		t.Errorf("a second daemon: %v", err)
	}
	if h.State().Running {
		t.Error("communication was started though it is to wait")
	}
	lab.WaitFor(t, time.Minute, "both refusals in the log", func() bool {
		return strings.Contains(l.String(), "refused as the agent") && strings.Contains(l.String(), seat.NobodyHere)
	})
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
	if _, err := local.Dial(t.Context(), store.At(dir).AgentSocket()); !errors.Is(err, local.ErrNobody) {
		t.Errorf("after its end: %v", err)
	}
}
