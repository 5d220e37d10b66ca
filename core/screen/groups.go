package screen

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"impero/core/picture"
)

// GroupsConfig tunes Groups; zero values mean the defaults.
type GroupsConfig struct {
	Encoder     EncoderConfig // each viewer brings its own Codecs, and may have a smaller Cache
	MaxViewers  int           // 16
	RejoinAfter time.Duration // so long must a laggard have kept up before it joins the others again; 2 s

	MaxRate int              // bytes a second to each viewer, at most; 0: as many as the way carries
	MaxCPU  int              // per cent of the time that may go into encoding; 0: all of it
	Clock   func() time.Time // to measure that by; time.Now

	Report func(Report) // is told of every update; nil: nothing is reckoned for it
}

func (c GroupsConfig) withDefaults() GroupsConfig {
	if c.MaxViewers <= 0 {
		c.MaxViewers = 16
	}
	if c.RejoinAfter <= 0 {
		c.RejoinAfter = 2 * time.Second
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

// Errors of Groups.
var (
	ErrTooManyViewers = errors.New("too many viewers")
	ErrViewer         = errors.New("no such viewer") // or there is one where there must be none
	ErrAck            = errors.New("acknowledgement of an update that was not sent")
)

// Packet is a piece of the picture stream of each of Viewers. Seq is the update in it that they will acknowledge, 0 if
// there is none. Packets of one viewer go in the order given. Bytes belong to the receiver.
type Packet struct {
	Viewers []uint32
	Seq     uint32
	Bytes   []byte
}

// Groups shares Encoders between viewers. Viewers in step form a group and get the same bytes; one that falls behind
// gets a group of its own, at the price of new codecs, and comes back once it has kept up for a while and both have the
// same picture. One that joins begins alone and is taken in likewise, so that it costs the others nothing.
// A group whose viewers cannot take an update keeps no frames, only which tiles changed: the newest frame wins. What a
// viewer can take is learnt from its acknowledgements: as much as its way carries may be on it, and updates are as coarse
// and as small as they must be to arrive in time.
//
// Not for concurrent use; it starts no goroutine and knows no clock: its user calls Offer when there is a new frame, when
// a viewer joined or acknowledged, and at NextDeadline.
type Groups struct {
	cfg     GroupsConfig
	groups  []*group
	layout  picture.Layout
	number  uint32 // of layout, the same in all Encoders
	last    uint32 // the highest update of a group that is gone
	above   uint32 // layouts count up from this
	cursor  []byte // message; empty if there is none yet
	pointer []byte
	shape   uint64    // counts cursors
	place   uint64    // counts pointer places
	rest    time.Time // until then nothing is encoded, for MaxCPU
	scratch []byte
	ops     []SentOp
}

// NewGroups makes Groups without viewers.
func NewGroups(cfg GroupsConfig) *Groups { return &Groups{cfg: cfg.withDefaults()} }

// Join adds a viewer; the next Offer begins its stream with a sync point. A viewer that wants the whole picture anew
// leaves and joins: its updates' numbers go on rising.
func (g *Groups) Join(id uint32, a Abilities) error {
	n := 0
	for _, gr := range g.groups {
		n += len(gr.viewers)
	}
	if _, v := g.find(id); v != nil {
		return fmt.Errorf("join of viewer %d: %w", id, ErrViewer)
	}
	if n >= g.cfg.MaxViewers {
		return fmt.Errorf("join of viewer %d: %w", id, ErrTooManyViewers)
	}
	cfg := g.cfg.Encoder
	cfg.Codecs, cfg.Cache = a.Codecs, min(a.Cache, g.cfg.Encoder.Cache)
	enc := NewEncoder(cfg)
	enc.seq = g.last
	for _, gr := range g.groups {
		enc.seq = max(enc.seq, gr.enc.seq)
	}
	if g.number > 0 {
		enc.setLayout(g.layout, g.number)
	}
	g.groups = append(g.groups, &group{enc: enc, viewers: []*groupViewer{{id: id, link: link{bound: float64(g.cfg.MaxRate)}}}})
	return nil
}

// Leave removes a viewer; one that is not there is no error.
func (g *Groups) Leave(id uint32) {
	gr, v := g.find(id)
	if v == nil {
		return
	}
	gr.viewers = slices.DeleteFunc(gr.viewers, func(w *groupViewer) bool { return w == v })
	if len(gr.viewers) == 0 {
		g.last = max(g.last, gr.enc.seq)
		gr.enc.Close()
		g.groups = slices.DeleteFunc(g.groups, func(h *group) bool { return h == gr })
	}
}

// Close ends all viewers and frees what their Encoders hold; it is the last call.
func (g *Groups) Close() {
	for _, gr := range g.groups {
		gr.enc.Close()
	}
	g.groups = nil
}

// Ack notes that a viewer has painted every update up to seq; now is when that was heard. A seq that the viewer has
// acknowledged before changes nothing.
func (g *Groups) Ack(id, seq uint32, now time.Time) error {
	gr, v := g.find(id)
	if v == nil {
		return fmt.Errorf("acknowledgement by viewer %d: %w", id, ErrViewer)
	}
	if seq > gr.enc.seq {
		return fmt.Errorf("viewer %d, update %d: %w", id, seq, ErrAck)
	}
	v.link.ack(seq, now)
	return nil
}

// Delivery notes how many bytes a second the way to a viewer took lately, as the system says: less than it carries while
// less is sent. It tells a narrow way from a viewer, or a Host, that is busy. 0, or never, means that nobody knows.
func (g *Groups) Delivery(id uint32, rate float64, now time.Time) {
	if _, v := g.find(id); v != nil && rate > 0 {
		v.link.noteDelivery(rate, now)
	}
}

// SetLayout says which monitors the frames from now on show; all viewers begin anew.
func (g *Groups) SetLayout(l picture.Layout) {
	g.layout, g.number = l, max(g.number, g.above)+1
	for _, gr := range g.groups {
		gr.enc.setLayout(l, g.number)
	}
}

// Above has updates and layouts count up from those of Groups whose viewers these take over. Call it before the first Join.
func (g *Groups) Above(sequence, layout uint32) {
	g.last, g.above = max(g.last, sequence), max(g.above, layout)
}

// LayoutNumber is the number of the layout that SetLayout gave last, as the viewers are told it; 0 before the first.
func (g *Groups) LayoutNumber() uint32 { return g.number }

// SetCursor gives the cursor's shape from now on.
func (g *Groups) SetCursor(c picture.Cursor) error {
	b, err := AppendCursor(nil, c)
	if err != nil {
		return err
	}
	g.cursor = b
	g.shape++
	return nil
}

// SetPointer gives the pointer's place from now on.
func (g *Groups) SetPointer(x, y int) {
	g.pointer = AppendPointer(g.pointer[:0], x, y)
	g.place++
}

// Ready says whether some viewer could take an update: if not, a capture is not worth its time yet. One that can and is in
// a group with one that cannot gets it too: Offer parts them.
func (g *Groups) Ready(now time.Time) bool {
	return !now.Before(g.rest) && slices.ContainsFunc(g.groups, func(gr *group) bool {
		return slices.ContainsFunc(gr.viewers, func(v *groupViewer) bool { return v.link.ready(now) })
	})
}

// NextDeadline is when Offer has something to do even if nothing happens; the zero time if never.
func (g *Groups) NextDeadline() (next time.Time) {
	for _, gr := range g.groups {
		free, ok := gr.free()
		t := gr.enc.NextRefresh()
		switch {
		case !gr.enc.Pending() && t.IsZero():
			continue
		case !gr.enc.Pending() && (!ok || !gr.idle()): // those who keep up may have it without the others
			if free, ok = gr.behind(); !ok {
				continue
			}
		case !ok:
			continue
		}
		if gr.enc.Pending() {
			if t = free; t.IsZero() {
				t = time.Unix(1, 0) // at once
			}
		}
		for _, later := range [2]time.Time{free, g.rest} {
			if t.Before(later) {
				t = later
			}
		}
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	return next
}

// Offer takes the newest frame, what changed since the last Offer, and hints of moves, and gives what the viewers that can
// take something shall have. f is only read and not kept. An error concerns one group, which begins anew at the next Offer.
func (g *Groups) Offer(f *picture.Frame, changed []picture.Rect, moves []picture.Move, now time.Time) (packets []Packet, err error) {
	if g.layout.W != f.W || g.layout.H != f.H {
		g.SetLayout(wholeLayout(f))
	}
	for _, gr := range g.groups {
		gr.enc.Damage(changed)
		gr.moves = chainMoves(gr.moves, moves)
	}
	for _, gr := range slices.Clone(g.groups) {
		g.split(gr, now)
	}
	var errs []error
	start := g.cfg.Clock()
	for _, gr := range g.groups {
		if now.Before(g.rest) || !gr.ready(now) {
			if gr.enc.Pending() && !now.Before(g.rest) {
				gr.blocked = now
				gr.hungry()
			}
			continue
		}
		packets, err = g.serve(gr, f, now, packets)
		errs = append(errs, err)
	}
	if g.cfg.MaxCPU > 0 && len(packets) > 0 {
		g.rest = now.Add(g.cfg.Clock().Sub(start) * 100 / time.Duration(g.cfg.MaxCPU))
	}
	g.join(now)
	return packets, errors.Join(errs...)
}

// serve encodes for one group as long as it has something to send and its viewers can take it.
func (g *Groups) serve(gr *group, f *picture.Frame, now time.Time, packets []Packet) (_ []Packet, err error) {
	if len(g.cursor) > 0 && gr.shape != g.shape {
		packets = gr.send(packets, 0, g.cursor, false, now)
	}
	if len(g.pointer) > 0 && gr.place != g.place {
		packets = gr.send(packets, 0, g.pointer, false, now)
	}
	gr.shape, gr.place = g.shape, g.place
	for gr.enc.Pending() && gr.ready(now) {
		gr.enc.Pace(gr.carries(), gr.wide())
		if packets, err = g.update(gr, false, now, packets, func(dst []byte) ([]byte, uint32, bool, error) {
			return gr.enc.Encode(dst, f, nil, gr.moves, now)
		}); err != nil {
			return packets, err
		}
		gr.moves = gr.moves[:0]
	}
	if gr.enc.Pending() || gr.enc.Tight() {
		gr.hungry()
	}
	if !gr.ready(now) || !gr.idle() {
		return packets, nil
	}
	return g.update(gr, true, now, packets, func(dst []byte) ([]byte, uint32, bool, error) { return gr.enc.Refresh(dst, now) })
}

// update appends what encode makes for gr, if it makes something.
func (g *Groups) update(gr *group, refresh bool, now time.Time, packets []Packet, encode func(dst []byte) ([]byte, uint32, bool, error)) ([]Packet, error) {
	var start time.Time
	if g.cfg.Report != nil {
		start = g.cfg.Clock()
	}
	out, seq, ok, err := encode(g.scratch[:0])
	if err != nil {
		return packets, err
	}
	if g.scratch = out; !ok {
		return packets, nil
	}
	packets = gr.send(packets, seq, out, refresh, now)
	if g.cfg.Report != nil {
		g.report(gr, packets[len(packets)-1], g.cfg.Clock().Sub(start))
	}
	return packets, nil
}

// split gives those of gr's viewers that cannot take an update a group of their own, if others can and there is one to come.
// A refresh is worth that too once they are behind for a while.
func (g *Groups) split(gr *group, now time.Time) {
	update, refresh := gr.enc.Pending(), gr.enc.NextRefresh()
	if !update && (refresh.IsZero() || now.Before(refresh)) {
		return
	}
	var slow, fast []*groupViewer
	for _, v := range gr.viewers {
		if update && !v.link.ready(now) || !update && !now.Before(v.link.behind()) {
			slow = append(slow, v)
		} else {
			fast = append(fast, v)
		}
	}
	if len(slow) == 0 || len(fast) == 0 {
		return
	}
	gr.viewers = fast
	left := &group{enc: gr.enc.clone(), viewers: slow, moves: slices.Clone(gr.moves), shape: gr.shape, place: gr.place}
	if !update {
		left.blocked = now
	}
	g.groups = append(g.groups, left)
}

// join puts groups together whose viewers have the same and have kept up.
func (g *Groups) join(now time.Time) {
	for i := 0; i < len(g.groups); i++ {
		a := g.groups[i]
		for j := i + 1; j < len(g.groups); j++ {
			b := g.groups[j]
			if now.Sub(a.blocked) < g.cfg.RejoinAfter || now.Sub(b.blocked) < g.cfg.RejoinAfter || a.lags(now) || b.lags(now) || !a.enc.merge(b.enc) {
				continue
			}
			b.enc.Close()
			a.viewers = append(a.viewers, b.viewers...)
			a.shape, a.place = min(a.shape, b.shape), min(a.place, b.place)
			g.groups = slices.Delete(g.groups, j, j+1)
			j--
		}
	}
}

func (g *Groups) find(id uint32) (*group, *groupViewer) {
	for _, gr := range g.groups {
		for _, v := range gr.viewers {
			if v.id == id {
				return gr, v
			}
		}
	}
	return nil, nil
}
