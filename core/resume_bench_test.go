package core_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"impero/core/lab"
)

// BenchmarkResume is how long after the end of an outage what a person types arrives at the Host again. The first is a
// connection that is reset and can be made anew at once; after the others the Guest waits for its next attempt, or for
// the one that goes on to fail.
func BenchmarkResume(b *testing.B) {
	lengths := []time.Duration{0, time.Second, 10 * time.Second, 30 * time.Second}
	for _, o := range outages() {
		for _, length := range lengths {
			if (length == 0) != (o.name == "reset") && length < 10*time.Second {
				continue
			}
			b.Run(fmt.Sprintf("%s/%v", o.name, length), func(b *testing.B) { benchmarkResume(b, o, length) })
		}
	}
}

func benchmarkResume(b *testing.B, o outage, length time.Duration) {
	v := &visit{t: b, keys: newTally(), log: newLogged()}
	v.s = newSuite(b, "Full control", false, v.typesHere)
	v.proxy = lab.StartProxy(b, v.s.address)
	v.s.address = v.proxy.Addr()
	v.g = v.s.mustConnect()
	v.type1()
	var most, all time.Duration
	for range b.N {
		before := v.resumes()
		if err := o.begin(v); err != nil {
			b.Fatal(err)
		}
		pause := time.NewTimer(length)
		<-pause.C
		start := time.Now()
		if err := o.end(v); err != nil {
			b.Fatal(err)
		}
		for v.resumes() == before {
			select {
			case <-v.g.Updates():
			case <-v.g.Done():
				b.Fatal(v.g.Err())
			}
		}
		v.type1()
		took := time.Since(start)
		all, most = all+took, max(most, took)
	}
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms")
	b.ReportMetric(float64(most.Milliseconds()), "most-ms")
	b.ReportMetric(0, "ns/op") // most of it is the outage
}

// type1 types the next number and waits until it arrives.
func (v *visit) type1() {
	v.typed++
	v.g.Text(strconv.Itoa(v.typed))
	v.keys.await(v.t, "a number", func() bool { return v.keys.last == v.typed })
}
