package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/capture"
	"impero/core/config"
	"impero/core/daemon/keeper"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/key"
	"impero/core/logs"
	"impero/core/password"
	"impero/core/seam"
	"impero/core/store"
)

// kept is a Host as its configuration makes it: a Keeper with what it needs of a computer, and both halves.
type kept struct {
	*suite
	k        *keeper.Keeper
	o        keeper.Options
	values   []setting
	places   *strings.Replacer // of what values may hold: $dir, $port1, $port2
	dir      string
	ports    [2]string
	console  *book
	user     *witnessOfUser
	machine  machine
	computer *computer
	syslog   *net.UnixConn
	over     chan error // Run has returned
	stop     func()     // ends the Host, if it runs, and its logs
}

// setting is one value of a configuration. What is not there is made.
type setting struct{ at, name, value string }

// local is the place of everything that can be set.
const local = config.Root + "/Configuration/LocalConfiguration"

// put puts a setting into a document. The name of an element that is there several times is part of its place.
func (s setting) put(d *config.Document) error {
	at := config.Path(local)
	for step := range strings.SplitSeq(s.at, "/") {
		kind, label, several := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		next := at.Child(kind)
		if several {
			next = at.Instance(kind, label)
		}
		if _, err := d.Element(next); err != nil {
			made, err := d.Make(at, kind)
			if err != nil {
				return err
			}
			if next, err = d.Rename(made, label); err != nil {
				return err
			}
		}
		at = next
	}
	if s.name == "" {
		return nil
	}
	kind, err := d.Element(at)
	if err != nil {
		return err
	}
	if kind.Label == s.name {
		_, err := d.Rename(at, s.value)
		return err
	}
	return d.Set(at, s.name, s.value)
}

// computer is a machine.Machine that only notes what it is told.
type computer struct{ book }

func (c *computer) WakeAt(_ context.Context, t time.Time) error {
	_, err := c.Write([]byte("wake " + t.Format("15:04") + "\n"))
	return err
}

func (c *computer) Standby(context.Context) error {
	_, err := c.Write([]byte("standby\n"))
	return err
}

func (c *computer) LoadAtBoot(_ context.Context, on bool) error {
	_, err := c.Write([]byte("load at boot " + strconv.FormatBool(on) + "\n"))
	return err
}

// witnessOfUser is the Host's user, who remembers whether somebody was shown to watch.
type witnessOfUser struct {
	*prompts
	watched sync.Once
	seen    chan struct{}
}

func (u *witnessOfUser) Watching(list []seam.Watcher) {
	if len(list) > 0 {
		u.watched.Do(func() { close(u.seen) })
	}
	u.prompts.Watching(list)
}

func (u *witnessOfUser) phases() (list []seam.Phase) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, n := range u.notices {
		list = append(list, n.Phase)
	}
	return list
}

// secretOf is what is kept of the good password, made once for one identity that all have.
var secretOf = sync.OnceValues(func() (both [2]string, err error) {
	id, err := key.Generate()
	if err != nil {
		return both, err
	}
	v, err := password.NewVerifier(id.Public())
	if err == nil {
		err = v.SetPassword("", goodPassword)
	}
	if err != nil {
		return both, err
	}
	text, err := json.Marshal(v)
	return [2]string{string(id.Text()), string(text)}, err
})

// protect puts what is kept of the good password in the place of a typed one.
func protect(d *config.Document) error {
	both, err := secretOf()
	if err != nil {
		return err
	}
	return d.Protect(func(config.SecretForm, string) (string, error) { return both[1], nil })
}

// free gives a port that is free now.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// everyday is what every kept Host begins with: accounts of a made-up system, which costs nobody a password's proof.
var everyday = []setting{{"GuestUsers/GuestSecurityMode", "Mode", config.ModeSystem}}

// newKept makes a Host with a configuration and runs it, once Open worked.
func newKept(t testing.TB, values []setting, change ...func(*kept)) *kept {
	t.Helper()
	k := &kept{
		suite: &suite{t: t, hands: new(injecttest.Recorder), home: store.At(t.TempDir())}, values: append(append([]setting(nil), everyday...), values...),
		console: new(book), machine: make(machine, 8), computer: new(computer), ports: [2]string{free(t), free(t)},
		user: &witnessOfUser{prompts: newPrompts(silence), seen: make(chan struct{})},
	}
	k.dir = filepath.Dir(k.home.HostDir())
	k.places = strings.NewReplacer("$dir", k.dir, "$port1", k.ports[0], "$port2", k.ports[1])
	k.display = &stepped{g: capture.NewGenerated(7, 320, 200), steps: make(chan struct{})}
	k.typing = func() (inject.Injector, error) { return k.hands, nil }
	k.prompts = k.user
	people := &people{of: map[string]account{"anna": {password: "secret", groups: []string{"helpdesk"}}, `SHOP\anna`: {password: "secret"}}}
	k.o = keeper.Options{
		Home: k.home, Service: true, Accounts: people, Machine: k.computer, Host: host.Config{Machine: k.machine},
		Command: keeper.Command{Listen: []string{"127.0.0.1:0"}, Address: "127.0.0.1", Logs: func(o logs.Options) logs.Options {
			o.Stderr, o.SyslogAt = k.console, filepath.Join(k.dir, "dev-log")
			return o
		}},
		Free: func(string) (uint64, error) { return 50 << 20, nil },
	}
	for _, f := range change {
		f(k)
	}
	k.write()
	k.run()
	return k
}

// write writes the configuration and the identity.
func (k *kept) write() {
	k.t.Helper()
	both, err := secretOf()
	if err != nil {
		k.t.Fatal(err)
	}
	d := config.New()
	for _, v := range k.values {
		v.value = k.places.Replace(v.value)
		if err := v.put(d); err != nil {
			k.t.Fatalf("%+v: %v", v, err)
		}
	}
	err = errors.Join(protect(d), store.MakeFolder(k.home.HostDir()), store.WriteFile(filepath.Join(k.home.HostDir(), "identity.key"), []byte(both[0]), 0o600),
		config.At(k.home.HostDir(), slog.New(slog.DiscardHandler)).Save(d))
	if err != nil {
		k.t.Fatal(err)
	}
}

// run opens the Keeper and runs it, with an agent.
func (k *kept) run() {
	k.t.Helper()
	daemonEnd, agentEnd := net.Pipe()
	k.o.Host.Agent = daemonEnd
	k.open()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	over := make(chan error, 1)
	k.over = over
	wg.Go(func() { over <- k.k.Run(ctx) })
	wg.Go(func() { k.runAgent(ctx, agentEnd, false) })
	k.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		if err := k.k.Close(); err != nil {
			k.t.Error(err)
		}
	})
	k.t.Cleanup(k.stop)
	limit := time.After(20 * time.Second)
	for settled := false; !settled; {
		st := k.h.State()
		settled = st.Display.Ready && (st.Running || st.Problem != "" || !st.CanLogOn() || !k.k.General().StartAtLoad)
		if settled {
			k.find()
			return
		}
		select {
		case <-k.h.Changes():
		case <-limit:
			k.t.Fatalf("the Host does not begin: %+v", st)
		}
	}
}

// find finds where the Host listens now.
func (k *kept) find() { k.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(k.h.State().Port)) }

// open opens the Keeper.
func (k *kept) open() {
	k.t.Helper()
	var err error
	if k.k, err = keeper.Open(k.o); err != nil {
		k.t.Fatal(err)
	}
	k.h = k.k.Host()
}
