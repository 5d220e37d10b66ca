package guest

import (
	"sync"
	"time"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/session"
	"impero/core/wire"
)

// maxPainted bounds the list of changed rectangles that wait for Picture; past it their union stands for them.
const maxPainted = 512

// shown is the picture of a session. mu is held while an update is painted, for which a Host decides how long it takes:
// what has nothing to do with the picture's pixels must not need it.
type shown struct {
	mu       sync.Mutex
	decoder  *screen.Decoder // of the picture shown
	painted  []picture.Rect  // since Picture was called last
	arranged picture.Layout
}

// view is one screen stream on its way to the picture.
type view struct {
	stream  *session.Stream
	split   screen.Splitter
	decoder *screen.Decoder
}

// decode takes a screen stream until it ends, and gives why.
func (s *Session) decode(st *session.Stream) error {
	v := &view{stream: st, decoder: s.e.newDecoder()}
	defer s.shown.forget(v)
	buf := make([]byte, readSize)
	for {
		n, err := st.Read(buf)
		if err != nil {
			return err
		}
		v.split.Feed(buf[:n])
		if err := s.apply(v); err != nil {
			s.e.log.Error("the Host's picture cannot be understood", "reason", err)
			s.broken.Store(&Error{Kind: KindProtocol, Detail: err.Error(), Err: err})
			s.s.Close(wire.CloseProtocol, "the picture cannot be understood")
			return session.ErrOver
		}
	}
}

// forget closes the decoder of a view whose picture was never shown.
func (p *shown) forget(v *view) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.decoder != v.decoder {
		v.decoder.Close()
	}
}

// apply decodes every whole message that v has.
func (s *Session) apply(v *view) error {
	for {
		kind, body, ok, err := v.split.Next()
		if err != nil || !ok {
			return err
		}
		r, err := s.paint(v, kind, body)
		if err != nil {
			return err
		}
		if r.Sequence != 0 {
			s.layout.Store(v.decoder.LayoutNumber())
			s.s.Send(v.stream.ID, &wire.ScreenAck{Sequence: r.Sequence})
			select {
			case <-s.first:
			default:
				close(s.first)
			}
		}
		s.signal()
	}
}

// paint decodes one message.
func (s *Session) paint(v *view, kind uint8, body []byte) (screen.Result, error) {
	p := &s.shown
	p.mu.Lock()
	defer p.mu.Unlock()
	start := time.Now()
	r, err := v.decoder.Decode(kind, body)
	if err != nil {
		return r, err
	}
	spent := time.Since(start)
	if r.Sequence != 0 && p.decoder != v.decoder { // until its first picture the one before is shown
		p.decoder.Close()
		p.decoder = v.decoder
	}
	p.take(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.take(r, spent)
	return r, nil
}

// take notes what a message painted; mu is held.
func (p *shown) take(r screen.Result) {
	p.painted = append(p.painted, r.Changed...)
	if r.Sync {
		p.painted = append(p.painted[:0], p.decoder.Frame().Bounds())
	}
	if len(p.painted) > maxPainted {
		var all picture.Rect
		for _, r := range p.painted {
			all = all.Union(r)
		}
		p.painted = append(p.painted[:0], all)
	}
	if r.Layout != nil {
		p.arranged = *r.Layout
	}
}

// take notes what a message changed beside the pixels; mu and shown's are held.
func (s *Session) take(r screen.Result, spent time.Duration) {
	if r.Sequence != 0 {
		f := s.shown.decoder.Frame()
		s.width, s.height = f.W, f.H
		s.stats.Frames++
		s.stats.DecodeTime, s.stats.Exact, s.stats.Shown = spent, r.Exact, s.e.now()
		s.tally.add(s.shown.decoder, s.stats.Shown, spent)
		if s.trace.on {
			s.trace.add(&s.tally, s.stats.Shown)
		}
	}
	if r.Cursor != nil {
		s.cursor = *r.Cursor
		s.cursorSeen++
	}
	if r.Pointer != nil {
		s.pointer = *r.Pointer
	}
	if r.Times != nil {
		s.times, s.timed = *r.Times, s.e.now()
	}
}

// Picture calls f with the picture as it is and the rectangles painted since the last call, under the picture's lock: f
// copies what it needs and keeps nothing. The frame is empty before the first picture.
func (s *Session) Picture(f func(frame *picture.Frame, changed []picture.Rect, layout *picture.Layout)) {
	p := &s.shown
	p.mu.Lock()
	defer p.mu.Unlock()
	f(p.decoder.Frame(), p.painted, &p.arranged)
	p.painted = p.painted[:0]
}
