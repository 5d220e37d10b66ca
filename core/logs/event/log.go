package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Sink takes events: a file, a server. Write gets them in the order of their sequence, and must return soon after ctx ends; what
// it could not write is lost for it, and counted. Both methods are called by one goroutine.
type Sink interface {
	Write(ctx context.Context, events []Event) error
	Close() error
}

// Consumer is a sink with what it gets.
type Consumer struct {
	Name  string // in the debug log
	Sink  Sink
	Codes Set // its event list; nil for all
	Queue int // events that wait for it at most; 0 for 1024, of 2 KiB each at most
}

// Options make a Log.
type Options struct {
	Host      string       // written in each event
	Naming    Naming       // how Guests are called
	First     uint64       // sequence of the first event; 0 for 1
	Log       *slog.Logger // says when a consumer fails; nil for nobody
	Consumers []Consumer
}

const (
	defaultQueue = 1024
	// flushTime is how long a consumer has for what waits for it once the Log ends.
	flushTime = 2 * time.Second
)

// Log numbers events and gives them to its consumers.
type Log struct {
	o         Options
	consumers []*consumer

	mu   sync.Mutex // guards what follows, and the consumers' queues
	next uint64
}

// consumer is a Consumer with what waits for it.
type consumer struct {
	Consumer
	wake    chan struct{} // capacity 1
	waiting []Event
	lost    uint64 // since it was last told
	telling uint64 // of lost, in the batch that it is being given
	failing bool   // owned by its goroutine
}

// New makes a Log; Run carries it.
func New(o Options) *Log {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := &Log{o: o, next: max(1, o.First)}
	for _, c := range o.Consumers {
		if c.Queue == 0 {
			c.Queue = defaultQueue
		}
		l.consumers = append(l.consumers, &consumer{Consumer: c, wake: make(chan struct{}, 1)})
	}
	return l
}

func (l *Log) naming() Naming {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.o.Naming
}

// Record records an event. It never blocks.
func (l *Log) Record(e Event) {
	if l == nil {
		return
	}
	if e.Host == "" {
		e.Host = l.o.Host
	}
	if e.Who == "" {
		e.Who = l.naming().Of(e.Guest)
	}
	e.Outcome = e.outcome()
	e.Host, e.Who, e.Way, e.What = cut(e.Host, maxHost), cut(e.Who, maxWho), cut(e.Way, maxWay), cut(e.What, maxWhat)
	e.Guest = Guest{} // its texts are not bounded
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.Time.IsZero() {
		e.Time = now()
	}
	e.Sequence = l.next
	l.next++
	for _, c := range l.consumers {
		if !c.Codes.Has(e.Code) {
			continue
		}
		if len(c.waiting) >= c.Queue {
			c.lost++
			continue
		}
		c.waiting = append(c.waiting, e)
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// Name changes how Guests are called, from the next event on.
func (l *Log) Name(n Naming) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.o.Naming = n
}

// After has the events that follow have higher sequences than last, that of a file which is written on.
func (l *Log) After(last uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = max(l.next, last+1)
}

// Run gives the events to the consumers until ctx ends and they have what was recorded before, but for a consumer that takes
// longer than two seconds for it. Then it closes them.
func (l *Log) Run(ctx context.Context) error {
	write, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		late := time.AfterFunc(flushTime, cancel)
		context.AfterFunc(write, func() { late.Stop() })
	})
	defer stop()
	failed := make([]error, len(l.consumers))
	var all sync.WaitGroup
	for i, c := range l.consumers {
		all.Go(func() {
			l.feed(ctx, write, c)
			if err := c.Sink.Close(); err != nil {
				failed[i] = fmt.Errorf("close %s: %w", c.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// feed gives a consumer its events until ctx ends and none waits.
func (l *Log) feed(ctx, write context.Context, c *consumer) {
	for {
		if batch := l.take(c); len(batch) > 0 {
			l.give(write, c, batch)
			continue
		}
		select {
		case <-c.wake:
		case <-ctx.Done():
			if batch := l.take(c); len(batch) > 0 {
				l.give(write, c, batch)
				continue
			}
			return
		}
	}
}

// take takes what waits for a consumer; if it missed events, one that says so is the last.
func (l *Log) take(c *consumer) []Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	batch := c.waiting
	c.waiting, c.telling = nil, 0
	if len(batch) > 0 && c.lost > 0 {
		batch = append(batch, Event{
			Sequence: l.next, Time: now(), Code: EventsDropped, Outcome: Failed, Host: cut(l.o.Host, maxHost),
			What: fmt.Sprintf("%d events before this one were lost: %s was too slow, or failed", c.lost, c.Name),
		})
		l.next++
		c.lost, c.telling = 0, c.lost
	}
	return batch
}

// give writes events to a consumer. That it fails is logged once, and so is that it does no more.
func (l *Log) give(ctx context.Context, c *consumer, batch []Event) {
	err := c.Sink.Write(ctx, batch)
	if err == nil {
		if c.failing {
			l.o.Log.Info("a consumer of events takes them again", "consumer", c.Name)
		}
		c.failing = false
		return
	}
	if !c.failing {
		l.o.Log.Error("a consumer of events does not take them", "consumer", c.Name, "reason", err)
	}
	c.failing = true
	l.mu.Lock()
	defer l.mu.Unlock()
	c.lost += uint64(len(batch))
	if c.telling > 0 {
		c.lost += c.telling - 1 // the event that told is none that was lost
	}
}
