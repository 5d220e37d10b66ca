package event

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// kept is a sink that keeps what it gets; block and fail make it a bad one.
type kept struct {
	mu     sync.Mutex
	events []Event
	fail   error
	block  bool
	closed bool
}

func (k *kept) Write(ctx context.Context, events []Event) error {
	k.mu.Lock()
	block, fail := k.block, k.fail
	k.mu.Unlock()
	if block {
		<-ctx.Done()
		return ctx.Err()
	}
	if fail != nil {
		return fail
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.events = append(k.events, events...)
	return nil
}

func (k *kept) Close() error { k.closed = true; return nil }

func (k *kept) fails(err error) { k.mu.Lock(); defer k.mu.Unlock(); k.fail = err }

// run carries a Log until the function that it gives is called.
func run(t *testing.T, l *Log) (end func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	return func() error { cancel(); return <-done }
}

func TestEachConsumerGetsItsList(t *testing.T) {
	all, few, none := &kept{}, &kept{}, &kept{}
	l := New(Options{Host: "till", First: 5, Naming: "%A", Consumers: []Consumer{
		{Name: "all", Sink: all}, {Name: "few", Sink: few, Codes: Set{LogonWrong: true}}, {Name: "none", Sink: none, Codes: Set{}}}})
	end := run(t, l)
	l.Record(Event{Code: HostBegun})
	l.Record(Event{Code: LogonWrong, Guest: Guest{Address: "::1"}, What: "x"})
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if len(all.events) != 2 || len(few.events) != 1 || len(none.events) != 0 || !all.closed || !few.closed || !none.closed {
		t.Errorf("%d, %d, %d events", len(all.events), len(few.events), len(none.events))
	}
	e := few.events[0]
	if e.Sequence != 6 || e.Host != "till" || e.Who != "::1" || e.Outcome != Denied || time.Since(e.Time) > time.Minute || e.Guest != (Guest{}) {
		t.Errorf("%+v", e)
	}
	var nobody *Log
	nobody.Record(Event{Code: HostBegun})
}

// TestSlowConsumerHoldsNobodyUp: it loses events, which are counted and told, and others get all.
func TestSlowConsumerHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, good := &kept{block: true}, &kept{}
		l := New(Options{Consumers: []Consumer{{Name: "slow", Sink: slow, Queue: 10}, {Name: "good", Sink: good}}})
		end := run(t, l)
		for range 100 {
			l.Record(Event{Code: HostBegun})
			synctest.Wait()
		}
		begin := time.Now()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != flushTime {
			t.Errorf("the end took %v", took)
		}
		if len(good.events) != 100 || len(slow.events) != 0 || !slow.closed {
			t.Errorf("%d and %d events", len(good.events), len(slow.events))
		}
	})
}

// TestWhatWasLostIsTold when a consumer takes events again.
func TestWhatWasLostIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &kept{fail: errors.New("no")}
		l := New(Options{Host: "till", Consumers: []Consumer{{Name: "the sink", Sink: sink, Queue: 10}}})
		end := run(t, l)
		for range 7 {
			l.Record(Event{Code: HostBegun})
			synctest.Wait()
		}
		sink.fails(nil)
		l.Record(Event{Code: HostEnded})
		synctest.Wait()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if len(sink.events) != 2 || sink.events[1].Code != EventsDropped || !strings.HasPrefix(sink.events[1].What, "7 events before this one were lost: the sink") {
			t.Errorf("%+v", sink.events)
		}
		if sink.events[1].Sequence <= sink.events[0].Sequence {
			t.Error("sequences do not rise")
		}
	})
}

// TestWholeLog has many record at once into a file that is full again and again.
func TestWholeLog(t *testing.T) {
	name := t.TempDir() + "/log.nlg"
	f, _, err := OpenFile(FileOptions{Name: name, RotationSize: 4 << 10, Keep: 1000})
	if err != nil {
		t.Fatal(err)
	}
	l := New(Options{First: f.Last() + 1, Consumers: []Consumer{{Name: "file", Sink: f, Queue: 5000}}})
	end := run(t, l)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 100 {
				l.Record(Event{Code: LogonRight, What: fmt.Sprint(i, n)})
			}
		})
	}
	all.Wait()
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if report := verify(t, name); report.Events != 800 || report.Last != 800 || len(report.Parts) < 10 {
		t.Errorf("%d events in %d parts", report.Events, len(report.Parts))
	}
}
