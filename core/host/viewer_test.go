package host

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/seam"
	"impero/core/wire"
)

// timesMessage is a whole Times message.
func timesMessage(m wire.TimesMessage) []byte {
	body := m.Append(nil)
	return append(wire.AppendPictureHeader(nil, len(body), wire.PictureTimes), body...)
}

func TestTimesGetTheConnectionsWait(t *testing.T) {
	v := newViewer(nil, 1)
	m := wire.TimesMessage{Updates: 3, Capture: 5, Encode: 6, Queue: 100, Queue95: wire.MaxPictureTime}
	v.put(seam.ClassTimes, timesMessage(wire.TimesMessage{Updates: 1}))
	v.put(seam.ClassTimes, timesMessage(m))
	v.put(seam.ClassUpdate, []byte("update"))
	if first := v.next(); string(first.data) != "update" || first.at.IsZero() {
		t.Fatalf("first comes %q", first.data)
	}
	v.waits.Add(20 * time.Microsecond)
	m.Queue = 120
	if got := v.next().data; !bytes.Equal(got, timesMessage(m)) {
		t.Errorf("times are sent as %x", got)
	}
	if n, _, _ := v.waits.Take(); n != 0 {
		t.Error("a wait counts twice")
	}
}

func TestTimesThatAreNoneAreLeftOut(t *testing.T) {
	good := timesMessage(wire.TimesMessage{Updates: 1})
	pointer := append(wire.AppendPictureHeader(nil, 4, wire.PicturePointer), 0, 0, 0, 0)
	for _, data := range [][]byte{nil, good[:4], good[:len(good)-1], append(bytes.Clone(good), 0), pointer, timesMessage(wire.TimesMessage{})} {
		if got := newViewer(nil, 1).timed(data); got != nil {
			t.Errorf("%x is sent as %x", data, got)
		}
	}
}

// TestARefreshCostsItsGuestPatience: who asks for the whole picture again and again waits longer each time, and no longer
// once it was quiet.
func TestARefreshCostsItsGuestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &viewer{}
		var at []time.Duration
		for begin := time.Now(); time.Since(begin) < 40*time.Second; time.Sleep(100 * time.Millisecond) {
			if v.mayRefresh() {
				at = append(at, time.Since(begin))
			}
		}
		if len(at) != 9 || at[1] != 500*time.Millisecond || at[7]-at[6] != mostRefresh {
			t.Errorf("it is given one at %v", at)
		}
		time.Sleep(4*mostRefresh + time.Second)
		if !v.mayRefresh() || v.pause != refreshEvery {
			t.Errorf("after quiet it waits %v", v.pause)
		}
	})
}

// TestAViewerIsOwedSoMuch: updates are bounded by their bytes too.
func TestAViewerIsOwedSoMuch(t *testing.T) {
	v := &viewer{}
	v.wake.L = &v.mu
	update := make([]byte, 28<<20)
	n := 0
	for ; v.put(seam.ClassUpdate, update); n++ {
	}
	if n != 4 {
		t.Errorf("%d updates of 28 MiB are taken", n)
	}
	for range n {
		v.next()
	}
	if v.waiting != 0 || !v.put(seam.ClassUpdate, update) {
		t.Errorf("%d bytes wait once all are sent", v.waiting)
	}
}
