package core_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"impero/core/host"
	"impero/core/lab"
)

// soakShort is how long TestSoak takes among the other tests.
const soakShort = 10 * time.Second

var soakFor = flag.Duration("soak", soakShort, "how long TestSoak works and breaks connections; with -v it says how it goes, once a minute")

// pairs is how many Guests and Hosts soak side by side.
const pairs = 5

// soak is what all pairs did so far.
type soak struct {
	end                             time.Time
	outages, sessions, typed, bytes atomic.Uint64
	mu                              sync.Mutex
	of                              map[string]int // outages by kind
	samples                         []sample
}

// TestSoak has several pairs connect, work, lose their connection in every way, come back, and part, over and over. Whatever
// happens no number is lost or doubled, no key stays down, no session is there twice, and nothing grows.
func TestSoak(t *testing.T) {
	long := *soakFor > soakShort
	if !long {
		t.Parallel()
	}
	s := &soak{end: time.Now().Add(*soakFor), of: map[string]int{}}
	seed := uint64(time.Now().UnixNano())
	figure(t, "seed %d", seed)
	stop := make(chan struct{})
	var watching sync.WaitGroup
	if long {
		watching.Go(func() { s.watch(t, stop) })
	}
	all := &atOnce{t: t}
	for n := range pairs {
		all.run(fmt.Sprintf("pair %d", n+1), func(t *testing.T) { s.pair(t, rand.New(rand.NewPCG(seed, uint64(n)))) })
	}
	all.all.Wait()
	close(stop)
	watching.Wait()
	figure(t, "%v", s)
	if long {
		s.flat(t)
	}
}

// pair is one Host and the Guests that visit it, one after the other.
func (s *soak) pair(t *testing.T, random *rand.Rand) {
	v := prepareVisit(t)
	v.proxy = lab.StartProxy(t, v.direct)
	for n := 0; n == 0 || time.Now().Before(s.end); n++ {
		v.again()
		v.start(v.proxy.Addr())
		v.awaitTyping(30 * time.Second)
		for range 1 + random.IntN(8) {
			pause := time.NewTimer(time.Duration(random.IntN(4000)) * time.Millisecond)
			select {
			case <-pause.C:
			case <-v.g.Done():
				t.Fatalf("the session ended: %v", v.g.Err())
			}
			if !s.fault(v, random) {
				break
			}
			if at := v.only(); at.ID != uint32(n+1) || !at.Lost.IsZero() {
				t.Errorf("session %d is %+v", n+1, at)
			}
		}
		v.finish()
		s.sessions.Add(1)
		s.typed.Add(uint64(v.typed))
		s.bytes.Add(8 * (v.numbers.up.Load() + v.numbers.down.Load()))
	}
}

// fault lets something happen to a connection, if there is time for it.
func (s *soak) fault(v *visit, random *rand.Rand) bool {
	length := []time.Duration{time.Second, time.Second, time.Second, 10 * time.Second, 10 * time.Second, 50 * time.Second}[random.IntN(6)]
	left := time.Until(s.end)
	if left < 3*time.Second {
		return false
	}
	if length > left/2 {
		length = time.Second
	}
	kinds := outages()
	n := random.IntN(len(kinds) + 1)
	name := "roaming"
	if n < len(kinds) {
		name = fmt.Sprintf("%s for %v", kinds[n].name, length)
		v.suffer(kinds[n], length, func() {})
	} else {
		s.roam(v, random)
	}
	s.outages.Add(1)
	s.mu.Lock()
	s.of[name]++
	s.mu.Unlock()
	return true
}

// roam resets a connection whose Guest comes back from another address.
func (s *soak) roam(v *visit, random *rand.Rand) {
	from := netip.AddrFrom4([4]byte{127, byte(random.IntN(100)), byte(random.IntN(256)), byte(2 + random.IntN(250))})
	before := v.resumes()
	v.proxy.DialFrom(from)
	v.proxy.Reset()
	v.awaitResumed(before, 30*time.Second)
	v.awaitTyping(30 * time.Second)
	v.s.await("the Guest to come from "+from.String(), func(st host.State) bool { return st.Sessions[0].From == from.String() })
}

// sample is how much of this process there is.
type sample struct {
	goroutines, files int
	heap, rss         uint64 // bytes
}

func takeSample() (n sample) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	n.goroutines, n.heap = runtime.NumGoroutine(), m.HeapAlloc
	files, _ := os.ReadDir("/proc/self/fd")
	n.files = len(files)
	n.rss = residentMemory("/proc/self/status")
	return n
}

// residentMemory is what a process's status file says, in bytes.
func residentMemory(file string) uint64 {
	status, _ := os.ReadFile(file)
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

func (n sample) String() string {
	return fmt.Sprintf("%d goroutines, %d files, %.1f MB heap, %.1f MB resident", n.goroutines, n.files, float64(n.heap)/1e6, float64(n.rss)/1e6)
}

// watch takes a sample every few seconds, and says how it goes once a minute.
func (s *soak) watch(t *testing.T, stop <-chan struct{}) {
	begin := time.Now()
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-tick.C:
		case <-stop:
			return
		}
		one := takeSample()
		s.mu.Lock()
		s.samples = append(s.samples, one)
		s.mu.Unlock()
		if n%12 == 0 {
			figure(t, "%v: %s; %s", time.Since(begin).Round(time.Second), s, one)
		}
	}
}

func (s *soak) String() string {
	return fmt.Sprintf("%d outages, %d sessions, %d numbers typed, %d MB in streams", s.outages.Load(), s.sessions.Load(), s.typed.Load(), s.bytes.Load()/1e6)
}

// flat compares the first quarter of the time with the last one.
func (s *soak) flat(t *testing.T) {
	n := len(s.samples) / 4
	if n == 0 {
		return
	}
	first, last := mean(s.samples[:n]), mean(s.samples[len(s.samples)-n:])
	figure(t, "the first quarter: %v; the last: %v; outages: %v", first, last, s.of)
	for _, c := range []struct {
		what        string
		first, last float64
		slack       float64
	}{
		{"goroutines", float64(first.goroutines), float64(last.goroutines), 60},
		{"open files", float64(first.files), float64(last.files), 30},
		{"heap", float64(first.heap), float64(last.heap), 24e6},
		{"resident memory", float64(first.rss), float64(last.rss), 80e6},
	} {
		if c.last > c.first*1.25+c.slack {
			t.Errorf("%s grew from %.0f to %.0f", c.what, c.first, c.last)
		}
	}
}

func mean(list []sample) (m sample) {
	for _, n := range list {
		m.goroutines, m.files, m.heap, m.rss = m.goroutines+n.goroutines, m.files+n.files, m.heap+n.heap, m.rss+n.rss
	}
	n := len(list)
	return sample{m.goroutines / n, m.files / n, m.heap / uint64(n), m.rss / uint64(n)}
}
