package session

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"time"

	"impero/core/wire"
)

// Sealed is a connection that can join a session. *secure.Conn is one.
type Sealed interface {
	Records
	// Export gives 32 secret bytes of this connection's two ends, others for each label.
	Export(label string) []byte
	// Join mixes a ticket into the keys of all that follows, as connection number number of the session. bulk allows
	// longer records.
	Join(ticket []byte, number uint32, bulk bool)
}

// errCounts says that the other side claims to have what was not sent.
var errCounts = errors.New("the other side counts more messages than were sent")

// askToJoin is the Guest's part of PROTOCOL.md §10.3.
func (s *Session) askToJoin(ctx context.Context, rec Sealed, purpose wire.Purpose) error {
	s.mu.Lock()
	number, ticket := s.tickets.next()
	m := &wire.SessionJoin{Session: s.cfg.ID, Ticket: number}
	if purpose == wire.PurposeResume {
		m.Control = s.got[wire.ChannelControl]
	}
	s.mu.Unlock()
	defer clear(ticket)
	proofs := proofsOf(rec, ticket)
	m.Proof = proofs.guest(m)
	d := NewDialogue(rec, wire.FromHost)
	if err := d.Send(m); err != nil {
		return err
	}
	answer, err := d.Receive(ctx)
	if err != nil {
		return err
	}
	joined, ok := answer.(*wire.SessionJoined)
	if want := proofs.host(joined); !ok || !hmac.Equal(joined.Proof[:], want[:]) {
		return errors.New("the other side has no part in this session")
	}
	rec.Join(ticket, number, purpose == wire.PurposeAttach)
	return s.install(purpose, rec, joined.Control, joined.Input)
}

// Join takes a connection whose Guest asked by m to join this session, and answers. The caller closes the connection if
// that fails; the Guest was told then. A *wire.Closed says with what.
func (s *Session) Join(ctx context.Context, d *Dialogue, rec Sealed, purpose wire.Purpose, m *wire.SessionJoin) error {
	s.mu.Lock()
	ticket, ok := s.takeTicket(rec, m) // before anything is waited for: a stranger costs no more than this
	s.mu.Unlock()
	defer clear(ticket)
	if !ok {
		return refuse(d, wire.CloseSessionOver, "a wrong proof, or a ticket that was used")
	}
	select {
	case s.joining <- struct{}{}:
		defer func() { <-s.joining }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	newest := s.tickets.number == m.Ticket
	old, ended := s.links[linkFirst], s.err != nil || !s.running
	code := s.endCode()
	s.mu.Unlock()
	switch {
	case !newest:
		return refuse(d, wire.CloseReplaced, "the Guest came by yet another connection meanwhile")
	case ended:
		return refuse(d, code, "the session has ended")
	case purpose == wire.PurposeAttach && old == nil:
		return refuse(d, wire.CloseSessionOver, "a lost session takes no second connection")
	}
	answer := &wire.SessionJoined{}
	if purpose == wire.PurposeResume {
		if old != nil {
			s.lose(old, errors.New("the Guest comes by another connection"))
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		answer.Control, answer.Input = s.got[wire.ChannelControl], s.got[wire.ChannelInput]
		s.mu.Unlock()
	}
	answer.Proof = proofsOf(rec, ticket).host(answer)
	rec.SetDeadline(time.Now().Add(closeTime)) // a Guest that does not read keeps nobody waiting
	if err := d.Send(answer); err != nil {
		return err
	}
	rec.SetDeadline(time.Time{})
	rec.Join(ticket, m.Ticket, purpose == wire.PurposeAttach)
	if err := s.install(purpose, rec, m.Control, 0); err != nil {
		if errors.Is(err, errCounts) {
			d.Close(wire.CloseProtocol, "")
		}
		return err
	}
	if purpose == wire.PurposeResume {
		s.changed()
	}
	return nil
}

// takeTicket checks a ticket and its proof; mu is held.
func (s *Session) takeTicket(rec Sealed, m *wire.SessionJoin) ([]byte, bool) {
	if s.tickets == nil {
		return nil, false
	}
	return s.tickets.take(m.Ticket, func(ticket []byte) bool {
		want := proofsOf(rec, ticket).guest(m)
		return hmac.Equal(want[:], m.Proof[:])
	})
}

func refuse(d *Dialogue, code wire.CloseCode, why string) error {
	d.Close(code, "")
	return fmt.Errorf("%w (%s)", errors.New(why), code)
}

// endCode is what a Guest is told that comes back to a session which has ended; mu is held.
func (s *Session) endCode() wire.CloseCode {
	if s.closing != nil {
		return s.closing.Code
	}
	return wire.CloseSessionOver
}

// settle waits until nobody reads the connection that was given up, so that what arrived is counted, and until all were
// told that it was lost, so that they hear of it before what comes by the next.
func (s *Session) settle(ctx context.Context) error {
	s.mu.Lock()
	l := s.former.link
	s.mu.Unlock()
	if l == nil {
		return nil
	}
	for _, done := range []chan struct{}{l.read, l.left} {
		select {
		case <-done:
		case <-s.over:
			return ErrOver
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// install makes a connection that has joined one of the session's. control and input are how many of this side's
// messages the other has.
func (s *Session) install(purpose wire.Purpose, rec Sealed, control, input uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return ErrOver
	}
	if purpose == wire.PurposeAttach {
		return s.installBulk(rec)
	}
	if err := s.boxes[wire.ChannelControl].again(control, time.Time{}); err != nil {
		return errors.Join(errCounts, err)
	}
	if err := s.boxes[wire.ChannelInput].again(input, time.Now().Add(-inputAge)); err != nil {
		return errors.Join(errCounts, err)
	}
	s.lost = nil
	s.expiry.Stop()
	s.back = time.Now()
	s.links[linkFirst] = s.newLink(linkFirst, rec)
	s.start(s.links[linkFirst])
	s.signal()
	return nil
}

// installBulk makes rec the second connection; mu is held.
func (s *Session) installBulk(rec Sealed) error {
	if s.lost != nil {
		return ErrLost
	}
	if old := s.links[linkBulk]; old != nil {
		s.drop(old)
	}
	l := s.newLink(linkBulk, rec)
	s.links[linkBulk] = l
	for _, st := range s.streams {
		if st.ch == wire.ChannelBulk {
			st.rewind()
		}
	}
	s.start(l)
	s.signal()
	return nil
}
