package agent

import (
	"context"
	"errors"
	"slices"
	"time"

	"impero/core/capture"
	"impero/core/picture"
	"impero/core/screen"
	"impero/core/screen/video"
	"impero/core/seam"
	"impero/core/wire"
)

// retryDisplay is how long after a failure the display is tried again.
const retryDisplay = 2 * time.Second

// shortestFrame is the least time between two looks at the display: at most 120 updates a second. A change after a
// longer calm, such as a key's answer, goes at once.
const shortestFrame = time.Second / 120

// glance is how long the display is looked at although something is due at once: what changed while nobody could take a
// picture comes before a refresh of what they have.
const glance = time.Millisecond

// show is the screen goroutine: it watches the display while somebody looks.
type show struct {
	a       *Agent
	groups  *screen.Groups
	viewers map[uint32]screen.Abilities
	told    *seam.Display // what the daemon was told last
	said    time.Time     // when a wish that was not done was logged last
	times   times
}

// showScreen runs until ctx ends or the daemon is gone.
func (a *Agent) showScreen(ctx context.Context) {
	s := &show{a: a, groups: screen.NewGroups(screen.GroupsConfig{MaxViewers: seam.MaxViewers, Encoder: screen.EncoderConfig{Video: video.Formats(), Cache: wire.MaxPictureCache}}), viewers: map[uint32]screen.Abilities{}}
	defer s.groups.Close()
	if s.probe() != nil {
		return
	}
	for ctx.Err() == nil {
		s.read()
		if len(s.viewers) == 0 && s.told.Ready {
			s.rest(ctx, time.Time{})
			continue
		}
		source, err := a.cfg.Capture()
		if err == nil {
			if err = s.tell(true, ""); err == nil {
				err = s.watch(ctx, source)
			}
			source.Close()
		}
		if err == nil {
			continue
		}
		if s.tell(false, reasonOf(err)) != nil {
			return // the daemon is gone
		}
		s.rest(ctx, time.Now().Add(retryDisplay))
	}
}

// probe tells the daemon whether there is a display, before anybody asks for it.
func (s *show) probe() error {
	source, err := s.a.cfg.Capture()
	if err != nil {
		return s.tell(false, reasonOf(err))
	}
	source.Close()
	return s.tell(true, "")
}

// rest waits for mail, or until a time if it is not zero.
func (s *show) rest(ctx context.Context, until time.Time) {
	wait, cancel := s.a.mail.context(ctx, until)
	defer cancel()
	<-wait.Done()
}

// tell tells the daemon what the display's state is, if it is another than before.
func (s *show) tell(ready bool, reason string) error {
	if s.told != nil && s.told.Ready == ready && s.told.Reason == reason {
		return nil
	}
	s.told = &seam.Display{Ready: ready, Reason: reason}
	if !ready {
		s.a.log.Warn("no display to share", "reason", reason)
	}
	return s.a.c.Send(s.told)
}

// reasonOf says why there is no display and what to do, for the people at both ends.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, capture.ErrWayland):
		return "This computer runs a Wayland desktop, which cannot be shared yet. Log in with an X11 (Xorg) session."
	case errors.Is(err, capture.ErrNoDisplay):
		return "This computer has no display to share. Log in to a desktop there, or start the Host with DISPLAY set to an X server."
	case errors.Is(err, capture.ErrDisplayLost):
		return "The display of this computer went away. The picture comes back with it."
	}
	return "The display of this computer cannot be shared: " + err.Error()
}

// read does what the daemon wants.
func (s *show) read() {
	for _, l := range s.a.mail.take() {
		var err error
		switch m := l.m.(type) {
		case *seam.Join:
			able := screen.AbilitiesOf(m.Capabilities)
			if err = s.groups.Join(m.Viewer, able); err == nil {
				s.viewers[m.Viewer] = able
			}
		case *seam.Resume:
			s.groups.Above(m.Sequence, m.Layout)
		case *seam.Leave:
			s.groups.Leave(m.Viewer)
			delete(s.viewers, m.Viewer)
		case *seam.Ack:
			s.groups.Delivery(m.Viewer, float64(m.Delivery), l.at)
			if err = s.groups.Ack(m.Viewer, m.Sequence, l.at); errors.Is(err, screen.ErrAck) {
				err = nil // the protocol: one of an update that was not sent is ignored
			}
		case *seam.Refresh: // a viewer that begins anew knows nothing
			if able, ok := s.viewers[m.Viewer]; ok {
				s.groups.Leave(m.Viewer)
				err = s.groups.Join(m.Viewer, able)
			}
		}
		if now := time.Now(); err != nil && now.Sub(s.said) > complainEvery {
			s.said = now
			s.a.log.Warn("the daemon's wish was not done", "reason", err)
		}
	}
}

// watch shows source's display as long as somebody looks.
func (s *show) watch(ctx context.Context, source capture.Source) error {
	var frame *picture.Frame
	var last time.Time // when frames were looked at last
	for {
		if s.read(); len(s.viewers) == 0 || ctx.Err() != nil {
			return nil
		}
		now, next := time.Now(), last.Add(shortestFrame)
		switch ready := s.groups.Ready(now); {
		case frame == nil:
		case !ready:
			s.times.hold(now)
			s.rest(ctx, s.groups.NextDeadline()) // nobody can take a picture: an ack wakes us
			continue
		case now.Before(next):
			s.times.hold(now)
			s.rest(ctx, next)
			continue
		}
		var due time.Time
		if frame != nil { // without one there is nothing to offer
			if due = earlier(s.groups.NextDeadline(), s.times.due()); !due.IsZero() && due.Before(now.Add(glance)) {
				due = now.Add(glance)
			}
		}
		wait, cancel := s.a.mail.context(ctx, due)
		asked := time.Now()
		update, err := source.Next(wait)
		cancel()
		switch {
		case err == nil:
			frame, last = update.Frame, time.Now()
			s.times.captured(update, asked, last)
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			s.read()
			err = nil
		}
		s.times.held = time.Time{}
		if err == nil && frame != nil {
			err = s.offer(frame, update)
		}
		if err != nil {
			return err
		}
	}
}

// offer gives the viewers what they can take of a frame; update is nil if nothing is new.
func (s *show) offer(frame *picture.Frame, update *capture.Update) error {
	var changed []picture.Rect
	var moves []picture.Move
	if update != nil {
		changed, moves = update.Changed, update.Moves
		if update.Layout != nil {
			s.groups.SetLayout(*update.Layout)
		}
		if update.Cursor != nil {
			if err := s.groups.SetCursor(*update.Cursor); err != nil {
				s.a.log.Warn("a cursor shape was left out", "reason", err)
			}
		}
		if update.CursorMoved {
			s.groups.SetPointer(update.CursorX, update.CursorY)
		}
	}
	start := time.Now()
	packets, err := s.groups.Offer(frame, changed, moves, start)
	now := time.Now()
	s.a.layout.Store(s.groups.LayoutNumber())
	if err != nil {
		s.a.log.Error("a picture could not be encoded; it begins anew", "reason", err)
	}
	for _, p := range packets {
		if err := s.a.c.Send(&seam.Picture{Class: classOf(p), Viewers: p.Viewers, Data: p.Bytes}); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(packets, func(p screen.Packet) bool { return p.Seq != 0 }) {
		s.times.encoded(start, now)
	}
	return s.tellTimes(now)
}

// classOf says which older message p replaces. A packet without an update is one cursor or pointer message.
func classOf(p screen.Packet) seam.Class {
	if p.Seq == 0 && len(p.Bytes) >= wire.PictureHeaderLen {
		switch p.Bytes[wire.PictureHeaderLen-1] {
		case wire.PictureCursor:
			return seam.ClassCursor
		case wire.PicturePointer:
			return seam.ClassPointer
		}
	}
	return seam.ClassUpdate
}
