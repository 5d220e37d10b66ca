package hostile

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/store"
	"impero/core/wire"
)

const goodPassword = "correct horse battery"

// besieged is a real Host with both halves, and a target that comes from
// another address each time, as its locks are by address.
func besieged(t *testing.T) Target {
	t.Helper()
	daemon, user := net.Pipe()
	h, err := host.New(host.Config{Home: store.At(t.TempDir()), Name: "till-042", Listen: []string{"127.0.0.1:0"}, Agent: daemon, Log: slog.New(slog.DiscardHandler),
		Limits: host.Limits{Handshakes: 1 << 20, HandshakesOf: 1 << 20}, // what comes after the handshake is looked at here
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetLogon(goodPassword, "Full control"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var halves sync.WaitGroup
	halves.Go(func() { h.Run(ctx) })
	halves.Go(func() {
		agent.Run(context.WithoutCancel(ctx), user, agent.Config{
			Log:     slog.New(slog.DiscardHandler),
			Capture: func() (capture.Source, error) { return capture.NewGenerated(7, 320, 200), nil },
			Inject:  func() (inject.Injector, error) { return new(injecttest.Recorder), nil },
		})
	})
	t.Cleanup(func() { cancel(); halves.Wait(); h.Close() })
	limit := time.After(30 * time.Second)
	for st := h.State(); !st.Running || !st.Display.Ready; st = h.State() {
		select {
		case <-h.Changes():
		case <-limit:
			t.Fatalf("the Host does not start: %+v", st)
		}
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port))
	var number atomic.Uint32
	return Target{Address: address, Password: goodPassword, Seed: 1, Look: 30 * time.Millisecond, Dial: func(ctx context.Context) (net.Conn, error) {
		n := number.Add(1)
		from := net.IPv4(127, 1+byte(n>>16), byte(n>>8), byte(n))
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
		return dialer.DialContext(ctx, "tcp", address)
	}}
}

// play does all cases, four at a time, and says that each connection ended
// that has to: with a word, if one can be read.
func (t Target) play(test *testing.T, word bool, cases []Case) {
	test.Helper()
	began := time.Now()
	next := make(chan Case)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for c := range next {
				o, err := t.Play(test.Context(), c)
				switch {
				case err != nil:
					test.Error(err)
				case c.MustEnd && !o.Ended:
					test.Errorf("%s: the Host goes on: %+v", c.Name, o)
				case c.MustEnd && word && !(o.Said && (o.Code == wire.CloseProtocol || o.Code == wire.CloseUnknown)):
					test.Errorf("%s: the Host does not say why: %+v", c.Name, o)
				}
			}
		})
	}
	for _, c := range cases {
		next <- c
	}
	close(next)
	all.Wait()
	test.Logf("%d cases in %v", len(cases), time.Since(began))
}

func TestAHostUnderEveryCase(t *testing.T) {
	target := besieged(t)
	for name, cases := range map[string][]Case{
		"strangers": Strangers(), "preambles": Preambles(), "partials": Partials(),
	} {
		t.Run(name, func(t *testing.T) { target.play(t, false, cases) })
	}
	for _, stage := range Stages() {
		t.Run("at "+stage.String(), func(t *testing.T) {
			few, fewer := 1, 1
			if stage == StageOpen { // each costs a logon, which is 64 MiB of Argon2id
				few, fewer = 2, 8 // 8: another variant of each message
			}
			if stage > StageDialled {
				target.play(t, false, every(few, Records(stage)))
			}
			if stage.sealed() {
				target.play(t, true, every(few, Plaintexts(stage)))
			}
			target.play(t, stage.sealed(), every(fewer, Messages(stage)))
		})
	}
	t.Run("alive", func(t *testing.T) { target.play(t, true, []Case{Silent(StageOpen)}) })
}

// every is one case of n.
func every(n int, cases []Case) (some []Case) {
	for i := 0; i < len(cases); i += n {
		some = append(some, cases[i])
	}
	return some
}
