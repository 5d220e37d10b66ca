package session

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"impero/core/wire"
)

// sealedRecords are clearRecords of a connection that can join a session.
type sealedRecords struct {
	clearRecords
	id     byte // the same on both ends
	joined []byte
	bulk   bool
}

func (c *sealedRecords) Export(label string) []byte {
	b := sha256.Sum256(append([]byte(label), c.id))
	return b[:]
}

func (c *sealedRecords) Join(ticket []byte, number uint32, bulk bool) {
	c.joined, c.bulk = append([]byte{byte(number)}, ticket...), bulk
}

// cable is one end of a connection that can be pulled: then what is written is lost, and nothing comes.
type cable struct {
	net.Conn
	pulled *atomic.Bool // of both ends
}

func (c *cable) Write(p []byte) (int, error) {
	if c.pulled.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (c *cable) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.pulled.Load() {
			return n, err
		}
	}
}

// world is a Guest's session and a Host's, and the network between.
type world struct {
	t    *testing.T
	g, h *Session
	ends func() (guest, host error)

	mu     sync.Mutex
	down   bool
	cables []*atomic.Bool
	dialed []wire.Purpose
	bulks  []*sealedRecords // the Guest's ends of bulk connections
}

// newWorld starts both sides. host and guest are told besides what a world needs.
func newWorld(t *testing.T, guest, host Config) *world {
	w := &world{t: t}
	guest.Self, host.Self = wire.FromGuest, wire.FromHost
	guest.Keep, host.Keep = ResumeTime, ResumeTime
	guest.ID[0], host.ID[0] = 7, 7
	guest.Dial = w.dial
	a, b := w.connect()
	w.g, w.h = New(a, guest), New(b, host)
	var wg sync.WaitGroup
	var errs [2]error
	wg.Go(func() { errs[0] = w.g.Run(context.Background()) })
	wg.Go(func() { errs[1] = w.h.Run(context.Background()) })
	w.ends = func() (error, error) { wg.Wait(); return errs[0], errs[1] }
	return w
}

func (w *world) connect() (guest, host *sealedRecords) {
	a, b := net.Pipe()
	pulled := new(atomic.Bool)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cables = append(w.cables, pulled)
	id := byte(len(w.cables))
	return &sealedRecords{clearRecords: clearRecords{Conn: &cable{a, pulled}}, id: id},
		&sealedRecords{clearRecords: clearRecords{Conn: &cable{b, pulled}}, id: id}
}

// dial is the Guest's way to further connections; while the network is down nothing answers.
func (w *world) dial(ctx context.Context, purpose wire.Purpose) (Sealed, error) {
	w.mu.Lock()
	down := w.down
	w.dialed = append(w.dialed, purpose)
	w.mu.Unlock()
	if down {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	a, b := w.connect()
	if purpose == wire.PurposeAttach {
		w.mu.Lock()
		w.bulks = append(w.bulks, a)
		w.mu.Unlock()
	}
	go w.serve(b, purpose)
	return a, nil
}

// serve is what a Host does with a connection that joins.
func (w *world) serve(rec *sealedRecords, purpose wire.Purpose) {
	d := NewDialogue(rec, wire.FromGuest)
	m, err := d.Receive(context.Background())
	if join, ok := m.(*wire.SessionJoin); ok {
		err = w.h.Join(context.Background(), d, rec, purpose, join)
	} else if err == nil {
		err = errors.New("no join")
	}
	if err != nil {
		rec.Close()
	}
}

// pull pulls every cable and lets no new connection through until mend.
func (w *world) pull() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for _, c := range w.cables {
		c.Store(true)
	}
}

func (w *world) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}

// cut breaks a side's first connection as a reset does.
func (w *world) cut(s *Session) {
	s.mu.Lock()
	l := s.links[linkFirst]
	s.mu.Unlock()
	if l != nil {
		l.rec.Close()
	}
}
