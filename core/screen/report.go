package screen

import (
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// SentOp is one operation of an update: what was sent how, and what it took.
type SentOp struct {
	Kind  uint8 // wire.OpFill …
	Rect  picture.Rect
	Bytes int // on the wire; of a palette and a raw, its share of the blob by area
}

// Report is what Groups knows of an update that it made.
type Report struct {
	Viewers   []uint32
	Sequence  uint32
	Bytes     int           // of the whole packet
	Took      time.Duration // to encode
	Rate      float64       // bytes a second that the slowest viewer's way is taken to carry
	RoundTrip time.Duration // the longest of the viewers' least round trips
	Ops       []SentOp      // valid during the call
}

// opHead is the bytes of an operation besides its data, roughly: kind, rectangle, and a few more.
const opHead = 11

// appendOps appends what m is made of.
func appendOps(out []SentOp, m *wire.UpdateMessage) []SentOp {
	area := 0
	for i := range m.Ops {
		if o := &m.Ops[i]; o.Kind == wire.OpPalette || o.Kind == wire.OpRaw {
			area += opRect(o).Area()
		}
	}
	for i := range m.Ops {
		o := &m.Ops[i]
		s := SentOp{Kind: o.Kind, Rect: opRect(o), Bytes: opHead + len(o.Data)}
		if o.Kind == wire.OpPalette || o.Kind == wire.OpRaw {
			s.Bytes += len(m.Blob) * s.Rect.Area() / area
		}
		out = append(out, s)
	}
	return out
}

// Ops appends the operations of the last update that Encode or Refresh made.
func (e *Encoder) Ops(out []SentOp) []SentOp { return appendOps(out, &e.update) }

// Ops appends the operations of the last update that Decode applied: before the next Decode, and before the end of the
// life of the body it was given.
func (d *Decoder) Ops(out []SentOp) []SentOp { return appendOps(out, &d.update) }

// report tells of an update that gr was sent in p.
func (g *Groups) report(gr *group, p Packet, took time.Duration) {
	g.ops = gr.enc.Ops(g.ops[:0])
	r := Report{Viewers: p.Viewers, Sequence: p.Seq, Bytes: len(p.Bytes), Took: took, Rate: gr.carries(), Ops: g.ops}
	for _, v := range gr.viewers {
		r.RoundTrip = max(r.RoundTrip, v.link.trips())
	}
	g.cfg.Report(r)
}
