package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/daemon/keeper"
	"impero/core/lab"
	"impero/core/seat"
	"impero/core/store"
)

// daemonVariable names the folder of a daemon that this test's own program is to be.
const daemonVariable = "IMPERO_TEST_DAEMON"

func TestMain(m *testing.M) {
	if dir := os.Getenv(daemonVariable); dir != "" {
		os.Exit(be(dir))
	}
	os.Exit(m.Run())
}

// be is a daemon until it is killed.
func be(dir string) int {
	home := store.At(dir)
	k, err := keeper.Open(keeper.Options{Home: home, Service: true, Machine: new(computer), Command: keeper.Command{Listen: []string{"127.0.0.1:0"}}})
	if err == nil {
		err = Run(context.Background(), Config{
			Keeper: k, Display: seat.X{Display: ":9", Sockets: filepath.Join(dir, "none")}, Program: []string{"/bin/false"}, Accounts: nobody{},
		})
	}
	fmt.Println(err)
	return 1
}

const sessionsPath = config.Root + "/Configuration/LocalConfiguration/HostComputer/Security/Sessions"

// killWhileApplying has a daemon killed while somebody changes its configuration again and again, and checks that it is the one
// that was confirmed last or the one that was under way, whole. It gives how many were confirmed.
func killWhileApplying(t testing.TB, dir string, after time.Duration) (confirmed int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), daemonVariable+"="+dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	c := &control.Client{Path: store.At(dir).ControlSocket(), Own: true}
	defer c.Close()
	lab.WaitFor(t, time.Minute, "the daemon", func() bool {
		_, err := c.Hello(t.Context())
		return err == nil
	})
	if _, err := c.Open(t.Context(), control.Account{}); err != nil {
		t.Fatal(err)
	}
	now, err := c.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last, _ := now.Document.Get(sessionsPath, "Maximum")
	next := last
	time.AfterFunc(after, func() { child.Process.Kill() })
	for {
		n, _ := strconv.Atoi(last)
		next = strconv.Itoa(n%8 + 1)
		if err := now.Document.Set(sessionsPath, "Maximum", next); err != nil {
			t.Fatal(err)
		}
		done, err := c.Apply(t.Context(), now.Document, now.Revision)
		if err != nil {
			break // it was killed
		}
		now, last, confirmed = done.Now, next, confirmed+1
	}
	child.Wait()
	d, err := config.At(store.At(dir).HostDir(), slog.New(slog.DiscardHandler)).Load()
	if err != nil {
		t.Fatalf("after the daemon was killed: %v", err)
	}
	if kept, _ := d.Get(sessionsPath, "Maximum"); kept != last && kept != next {
		t.Errorf("the configuration has %s; %s was confirmed last, %s under way", kept, last, next)
	}
	return confirmed
}

func TestKilledWhileApplying(t *testing.T) {
	dir, confirmed := place(t), 0
	for i := range 5 {
		confirmed += killWhileApplying(t, dir, time.Duration(20+7*i)*time.Millisecond)
	}
	if confirmed == 0 {
		t.Error("nothing was changed before the daemon was killed: this shows nothing")
	}
}

// BenchmarkKilledWhileApplying is the same for as often as it is asked to, at times that differ.
func BenchmarkKilledWhileApplying(b *testing.B) {
	dir, confirmed := place(b), 0
	for i := range b.N {
		confirmed += killWhileApplying(b, dir, time.Duration(5000+i*1237%60000)*time.Microsecond)
	}
	b.ReportMetric(float64(confirmed)/float64(b.N), "changes/kill")
}
