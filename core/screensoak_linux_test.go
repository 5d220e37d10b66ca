package core_test

import (
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"net"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/lab"
	"impero/core/lab/load"
	"impero/core/picture"
	"impero/core/store"
)

const (
	soakExact = 20 * time.Second // how long a picture may take to be exact after calm, on a busy machine
	soakCalm  = 500 * time.Millisecond
	soakStop  = 40 * time.Second        // then who stopped reads again: after a minute its session is over
	slowExact = 1500 * time.Millisecond // is told of with what went on
)

// screenSoak is a display on which loads take turns, a Host that shows it, and those who look at it.
type screenSoak struct {
	t       *testing.T
	live    living
	host    screenHost
	random  *rand.Rand
	display string
	typist  *typist
	steady  *onlooker
	others  []*onlooker
	samples [2][]sample     // of the viewers' process and of the Host's
	exact   []time.Duration // after calm, of the steady viewer
	phases  map[string]int
	faults  map[string]int
	now     string // what goes on in this phase
}

// onlooker is somebody who sees the screen.
type onlooker struct {
	name  string
	g     *guest.Session
	proxy *lab.Proxy
	hurt  func()    // mends what befell its connection; nil for nothing
	stays int       // phases for which it is not mended yet
	since time.Time // when it was hurt
}

// TestScreenSoak has every load drawn in turn on a real display that changes its size, before several viewers: one who types
// all the time, one whose connection breaks, one who stops reading for up to 40 seconds and a phase, one on a slow way, and one who comes and
// goes. In each calm between the loads all who read have exactly the display's pixels; nothing grows, and no key is lost.
func TestScreenSoak(t *testing.T) {
	if racing {
		t.Skip("the loads draw more than is looked through with the race detector")
	}
	long := *soakFor > soakShort
	if !long {
		t.Parallel()
	}
	seed := uint64(time.Now().UnixNano())
	figure(t, "seed %d", seed)
	k := newScreenSoak(t, rand.New(rand.NewPCG(seed, 0)))
	begin := time.Now()
	said := begin
	for n := 0; n == 0 || time.Since(begin) < *soakFor; n++ {
		k.phase()
		if long {
			k.samples[0], k.samples[1] = append(k.samples[0], takeSample()), append(k.samples[1], k.host.sample())
		}
		if time.Since(said) > time.Minute {
			said = time.Now()
			figure(t, "%v: %v; viewers: %v; Host: %v", time.Since(begin).Round(time.Second), k, takeSample(), k.host.sample())
		}
	}
	figure(t, "%v: %v; loads %v; faults %v", time.Since(begin).Round(time.Second), k, k.phases, k.faults)
	if k.typist.lost > 0 {
		t.Errorf("%d keys did not come", k.typist.lost)
	}
	if long {
		for _, samples := range k.samples {
			(&soak{samples: samples}).flat(t)
		}
		if k.typist.ours > 0 {
			t.Errorf("%d keys took longer than %v though the computer was not late itself", k.typist.ours, lateKey)
		}
	}
}

func newScreenSoak(t *testing.T, random *rand.Rand) *screenSoak {
	t.Helper()
	x := lab.StartX(t, lab.Screen{W: load.Width, H: load.Height})
	k := &screenSoak{t: t, random: random, display: x.Display, phases: map[string]int{}, faults: map[string]int{}}
	for _, size := range soakSizes[1:] {
		k.xrandr("--newmode", size.name, "0", size.w, "0", "0", size.w, size.h, "0", "0", size.h)
		k.xrandr("--addmode", "screen", size.name)
	}
	folder := t.TempDir()
	(&suite{t: t, home: store.At(folder)}).settleIn("Full control")
	k.host = startScreenHost(t, x.Display, folder)
	k.typist = startTypist(t, x.Display)
	k.steady = k.join("steady", nil, nil)
	breaks, stops := lab.StartProxy(t, k.host.address), lab.StartProxy(t, k.host.address)
	k.others = []*onlooker{
		k.join("whose connection breaks", breaks, nil),
		k.join("who stops reading", stops, nil),
		k.join("on a slow way", nil, func(c net.Conn) net.Conn { return &slowConn{Conn: c, rate: 1_500_000} }),
	}
	return k
}

// soakSizes are sizes of the display; the loads begin at the first.
var soakSizes = []struct{ name, w, h string }{{"1920x1080", "1920", "1080"}, {"1600x900", "1600", "900"}, {"1280x1024", "1280", "1024"}, {"640x480", "640", "480"}}

func (k *screenSoak) xrandr(args ...string) {
	k.t.Helper()
	if out, err := exec.Command("xrandr", append([]string{"-display", k.display}, args...)...).CombinedOutput(); err != nil {
		k.t.Fatalf("xrandr %v: %v: %s", args, err, out)
	}
}

// join connects somebody, by a proxy or with a connection of a kind.
func (k *screenSoak) join(name string, proxy *lab.Proxy, kind func(net.Conn) net.Conn) *onlooker {
	k.t.Helper()
	address := k.host.address
	if proxy != nil {
		address = proxy.Addr()
	}
	cfg := guest.Config{Home: store.At(k.t.TempDir()), Computer: "ops", Order: picture.RGBX}
	if kind != nil {
		cfg.Dial = func(ctx context.Context, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
			if err == nil {
				c = kind(c)
			}
			return c, err
		}
	}
	e, err := guest.New(cfg)
	if err != nil {
		k.t.Fatal(err)
	}
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		k.t.Fatal(err)
	}
	turns <- struct{}{}
	defer func() { <-turns }()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	g, err := e.Connect(ctx, target, &person{passwords: []string{goodPassword}})
	if err != nil {
		k.t.Fatalf("the viewer %s: %v", name, err)
	}
	k.live.add(k.t, g)
	return &onlooker{name: name, g: g, proxy: proxy}
}

// phase is one load, from its first frame to the calm after it.
func (k *screenSoak) phase() {
	k.t.Helper()
	specs := slices.DeleteFunc(load.Specs(), func(s load.Spec) bool { return s.Rate == 0 }) // those wait for keys, which the typist has
	name := specs[k.random.IntN(len(specs))].Name
	k.phases[name]++
	k.now = name
	k.xrandr("--output", "screen", "--mode", soakSizes[0].name)
	d := beginDrawing(k.t, k.display, name)
	k.typist.front()
	stop := make(chan struct{})
	var typing sync.WaitGroup
	typing.Go(func() { k.typist.typeUntil(k.steady.g, stop) })
	k.befall()
	for _, o := range k.others {
		if o.hurt != nil {
			k.now += ", hurt is the viewer " + o.name
		}
	}
	guest := k.visitor()
	if guest != nil {
		k.now += ", a visitor"
	}
	k.wait(time.Duration(1000+k.random.IntN(2000)) * time.Millisecond)
	if k.random.IntN(2) == 0 {
		size := soakSizes[k.random.IntN(len(soakSizes))].name
		k.xrandr("--output", "screen", "--mode", size)
		k.now += ", then " + size
		k.faults["resize"]++
		k.wait(time.Duration(500+k.random.IntN(2000)) * time.Millisecond)
	}
	close(stop)
	typing.Wait()
	d.rest()
	k.mend()
	k.compare(guest)
	if guest != nil {
		guest.g.Close()
	}
	d.end()
}

// visitor is somebody who looks for one phase, every other time.
func (k *screenSoak) visitor() *onlooker {
	if k.random.IntN(2) == 0 {
		return nil
	}
	k.faults["visit"]++
	return k.join("who has just come", nil, nil)
}

func (k *screenSoak) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-k.steady.g.Done():
		k.t.Fatalf("the steady viewer's session ended: %v", k.steady.g.Err())
	}
}

// befall breaks connections.
func (k *screenSoak) befall() {
	breaks, stops := k.others[0], k.others[1]
	p := breaks.proxy
	switch k.random.IntN(4) {
	case 0:
		k.faults["reset"]++
		p.Refuse()
		p.Reset()
		breaks.hurt = func() {
			if err := p.Admit(); err != nil {
				k.t.Error(err)
			}
		}
	case 1:
		k.faults["cut"]++
		p.Cut()
		breaks.hurt = func() {
			dead := p.Pipes()
			p.Restore()
			for _, pipe := range dead {
				pipe.Reset()
			}
		}
	}
	if stops.hurt == nil && k.random.IntN(3) == 0 {
		k.faults["stops reading"]++
		stops.stays, stops.since = k.random.IntN(8), time.Now()
		stops.proxy.Freeze()
		stops.hurt = stops.proxy.Restore
	}
}

// mend mends what befell, but for who does not read yet.
func (k *screenSoak) mend() {
	for _, o := range k.others {
		if o.hurt == nil {
			continue
		}
		if o.stays > 0 && time.Since(o.since) < soakStop {
			o.stays--
			continue
		}
		o.hurt()
		o.hurt = nil
		o.g.TryNow()
	}
}

// compare waits until everybody who reads has the display's pixels.
func (k *screenSoak) compare(visitor *onlooker) {
	k.t.Helper()
	calm := time.Now()
	want, err := lab.Screenshot(k.display)
	if err != nil {
		k.t.Fatal(err)
	}
	all := append([]*onlooker{k.steady}, k.others...)
	if visitor != nil {
		all = append(all, visitor)
	}
	for _, o := range all {
		if o.hurt != nil {
			continue
		}
		k.awaitExact(o, want, calm.Add(soakExact))
		if o == k.steady {
			k.exact = append(k.exact, time.Since(calm))
			if took := time.Since(calm); took > slowExact {
				k.t.Logf("exact after %v only: %s", took.Round(time.Millisecond), k.now)
			}
		}
	}
	if rest := soakCalm - time.Since(calm); rest > 0 {
		k.wait(rest)
	}
}

// awaitExact waits until somebody has these pixels.
func (k *screenSoak) awaitExact(o *onlooker, want *image.RGBA, until time.Time) {
	k.t.Helper()
	limit := time.After(time.Until(until))
	for {
		wrong := ""
		o.g.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) { wrong = difference(f, want) })
		if wrong == "" {
			return
		}
		again := time.After(20 * time.Millisecond) // others may have to catch up too
		select {
		case <-o.g.Updates():
		case <-again:
		case <-o.g.Done():
			k.t.Fatalf("the session of the viewer %s ended: %v", o.name, o.g.Err())
		case <-limit:
			lost, away := o.g.Lost()
			k.t.Fatalf("the viewer %s has not the display's pixels: %s; lost %v %+v; %+v", o.name, wrong, away, lost, o.g.Stats())
		}
	}
}

// difference says where an RGBX frame differs from a picture; empty where it does not.
func difference(f *picture.Frame, want *image.RGBA) string {
	if f.W != want.Rect.Dx() || f.H != want.Rect.Dy() {
		return fmt.Sprintf("%d × %d in place of %d × %d", f.W, f.H, want.Rect.Dx(), want.Rect.Dy())
	}
	n, first := 0, 0
	for i := 0; i < len(f.Pix); i += 4 {
		if f.Pix[i] != want.Pix[i] || f.Pix[i+1] != want.Pix[i+1] || f.Pix[i+2] != want.Pix[i+2] {
			if n++; n == 1 {
				first = i / 4
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d pixels differ, the first at %d,%d", n, first%f.W, first/f.W)
}

func (k *screenSoak) String() string {
	y := k.typist
	y.mu.Lock()
	took := slices.Sorted(slices.Values(y.took))
	late, ours := y.late, y.ours
	y.mu.Unlock()
	exact := slices.Sorted(slices.Values(k.exact))
	at := func(list []time.Duration, share float64) time.Duration {
		if len(list) == 0 {
			return 0
		}
		return list[int(share*float64(len(list)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d keys took %v p50, %v p99, %v at most, %d more than %v, %d of them while the computer was not late itself; the picture was exact after %v p50, %v at most",
		len(took), at(took, 0.5), at(took, 0.99), at(took, 1), late, lateKey, ours, at(exact, 0.5), at(exact, 1))
}

// slowConn reads so many bytes a second.
type slowConn struct {
	net.Conn
	rate int
}

func (c *slowConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b[:min(len(b), c.rate/50)])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(c.rate))
	return n, err
}
