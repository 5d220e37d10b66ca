package secure

import (
	"context"
	"crypto/ecdh"
	"crypto/mlkem"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"impero/core/wire"
)

// Host runs the called side's handshake on conn and gives the sealed connection. If it fails, conn is closed.
//
// A caller has the timeout for its GuestHello, and VerifyTimeout more from then on. The error wraps wire.ErrNotImpero if
// the caller speaks something else, is a *RefusedError if this side refused it, wraps ErrHandshake if a message was
// wrong or did not verify, ctx's cause, os.ErrDeadlineExceeded if the caller took too long, or io.ErrUnexpectedEOF if
// it hung up, as one does that does not trust this Host.
func Host(ctx context.Context, conn net.Conn, cfg HostConfig) (*Conn, error) {
	return guarded(ctx, conn, func() (*Conn, error) { return hostHandshake(conn, cfg) })
}

func hostHandshake(conn net.Conn, cfg HostConfig) (*Conn, error) {
	if cfg.Identity == nil {
		return nil, errors.New("the Host has no identity")
	}
	levels, err := checkLevels(cfg.Levels, true)
	if err != nil {
		return nil, err
	}
	h := newHandshake(conn, wire.FromGuest)
	h.linger = cfg.Linger
	if err := conn.SetDeadline(time.Now().Add(orDefault(cfg.Timeout))); err != nil {
		return nil, err
	}
	preamble, rawPreamble, answer, err := h.preamble(cfg.Admit)
	if err != nil {
		return nil, err
	}
	hello, helloFrame, err := nextAs[*wire.GuestHello](h, nil)
	if err != nil {
		return nil, err
	}
	h.whole = true
	level, ok := chooseLevel(wire.Levels(), hello.Levels, levels)
	if !ok {
		allowed, _ := clearFrame(&wire.HostLevels{Levels: levels})
		return nil, h.refuse(answer, wire.CloseLevel, allowed...)
	}
	if cfg.Afford != nil {
		if code := cfg.Afford(); code != 0 {
			return nil, h.refuse(answer, code)
		}
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	peer := Peer{
		Version: answer.Version, Purpose: preamble.Purpose, Level: level, Capabilities: copyCapabilities(hello.Capabilities), Target: preamble.Target,
		HostKey: cfg.Identity.Public(), HostName: cfg.Name, RemoteAddr: conn.RemoteAddr(),
	}
	mine := &wire.HostHello{Level: level, Levels: levels, Capabilities: cfg.Capabilities}
	x, q, err := cfg.entropy.agree(hello, mine)
	if err != nil {
		return nil, err
	}
	rawAnswer := answer.Append(nil)
	record, frame := clearFrame(mine)
	s := newSchedule(x, q, rawPreamble, rawAnswer, helloFrame, frame)
	clear(x)
	clear(q)
	defer s.erase()
	if _, err := conn.Write(cfg.prove(s, append(rawAnswer, record...))); err != nil {
		return nil, fmt.Errorf("write hello: %w", err)
	}
	if err := conn.SetDeadline(time.Now().Add(VerifyTimeout + orDefault(cfg.Timeout))); err != nil {
		return nil, err
	}
	if err := h.guestFinished(s); err != nil {
		return nil, err
	}
	return newConn(conn, h.in, s.session(), wire.FromHost, peer), nil
}

// check tells whether what the Host is to say of itself can be said.
func (cfg *HostConfig) check() error {
	name := wire.Encoder{}
	(&wire.HostIdentity{Name: cfg.Name}).Append(&name)
	if _, err := wire.Parse(wire.TypeHostIdentity, name.B); err != nil || len(cfg.Name) > wire.MaxName {
		return fmt.Errorf("the Host's name %q is not a text of at most %d bytes", cfg.Name, wire.MaxName)
	}
	if err := checkCapabilities(cfg.Capabilities); err != nil {
		return err
	}
	longest, _ := clearFrame(&wire.HostHello{Levels: wire.Levels(), Capabilities: cfg.Capabilities})
	if len(longest)-wire.HeaderLen > wire.MaxRecord {
		return fmt.Errorf("the capabilities make a hello of more than %d bytes", wire.MaxRecord)
	}
	return nil
}

// preamble reads the caller's preamble, and refuses what is not served.
func (h *handshake) preamble(admit func(wire.Preamble) wire.CloseCode) (p wire.Preamble, raw []byte, a wire.Answer, err error) {
	p, raw, err = wire.ReadPreamble(h.in)
	switch {
	case errors.Is(err, wire.ErrMalformed):
		return p, nil, a, failed("read preamble: %w", err)
	case err != nil:
		return p, nil, a, fmt.Errorf("read preamble: %w", unexpected(err))
	}
	version, code := wire.ChooseVersion(p)
	a.Version = version
	if code != 0 {
		a.Version = wire.Version
		return p, nil, a, h.refuse(a, code)
	}
	if admit != nil {
		if code := admit(p); code != 0 {
			return p, nil, a, h.refuse(a, code)
		}
	}
	switch p.Purpose {
	case wire.PurposeSession, wire.PurposeAttach, wire.PurposeResume:
		return p, raw, a, nil
	case wire.PurposeTest:
		return p, nil, a, h.refuse(a, wire.CloseDone)
	}
	return p, nil, a, h.refuse(a, wire.ClosePurpose)
}

// maxLinger is how many bytes of a refused caller are read and dropped.
const maxLinger = 64 << 10

// refuse tells the caller why it is refused, after the records in first, and gives that as an error.
//
// A caller whose hello was read waits for an answer and has sent nothing more: it is told in one write, which a new
// connection always takes, and closed. Of any other something may be under way, and to close over unread bytes makes the
// system drop the refusal: what it sends is read for a little while, if there is a place to linger.
func (h *handshake) refuse(a wire.Answer, code wire.CloseCode, first ...byte) error {
	refused := &RefusedError{Code: code, Newest: wire.Version}
	record, _ := clearFrame(&wire.Refuse{Code: code, Newest: wire.Version})
	answer := slices.Concat(a.Append(nil), first, record)
	if h.whole || !h.mayLinger() {
		h.conn.Write(answer) // it is refused whether it learns that or not
		return refused
	}
	defer h.lingered()
	if err := h.conn.SetDeadline(time.Now().Add(lingerTimeout)); err != nil {
		return refused
	}
	written := make(chan error, 1)
	go func() {
		_, err := h.conn.Write(answer)
		written <- err
	}()
	io.CopyN(io.Discard, h.in, maxLinger) // until the caller closes or time is up
	<-written                             // the same deadline ends it
	return refused
}

// mayLinger takes a place among those that linger, if there is one; lingered gives it back.
func (h *handshake) mayLinger() bool {
	if h.linger == nil {
		return true
	}
	select {
	case h.linger <- struct{}{}:
		return true
	default:
		return false
	}
}

func (h *handshake) lingered() {
	if h.linger != nil {
		<-h.linger
	}
}

// agree runs both key exchanges of a Host and fills them in; the caller erases the results.
func (e entropy) agree(guest *wire.GuestHello, mine *wire.HostHello) (x, q []byte, err error) {
	public, err := ecdh.X25519().NewPublicKey(guest.X25519[:])
	if err != nil {
		return nil, nil, failed("read X25519 key: %w", err)
	}
	to, err := mlkem.NewEncapsulationKey768(guest.MLKEM[:]) // refuses what is not reduced, FIPS 203 §7.2
	if err != nil {
		return nil, nil, failed("read ML-KEM key: %w", err)
	}
	e.fill(mine.Random[:])
	private, err := e.x25519()
	if err != nil {
		return nil, nil, err
	}
	if x, err = private.ECDH(public); err != nil { // refuses an all-zero result
		return nil, nil, failed("agree by X25519: %w", err)
	}
	q, ciphertext := e.seal(to)
	copy(mine.X25519[:], private.PublicKey().Bytes())
	copy(mine.MLKEM[:], ciphertext)
	return x, q, nil
}

// prove appends HostIdentity and HostFinished to what is sent in clear.
func (cfg *HostConfig) prove(s *schedule, out []byte) []byte {
	k := s.handshakeKeys(wire.FromHost)
	identity := &wire.HostIdentity{
		Key:       cfg.Identity.Public().Bytes(),
		Signature: [wire.SignatureLen]byte(cfg.Identity.Sign(s.identityMessage(cfg.Name))),
		Name:      cfg.Name,
	}
	out, frame := sealedFrame(out, k, identity)
	s.add(frame)
	out, frame = sealedFrame(out, k, &wire.HostFinished{MAC: [wire.FinishedLen]byte(s.mac(wire.FromHost))})
	s.add(frame)
	return out
}

// guestFinished waits until the Guest has accepted this Host.
func (h *handshake) guestFinished(s *schedule) error {
	h.check.State = wire.StateIdentity
	m, frame, err := nextAs[*wire.GuestFinished](h, s.handshakeKeys(wire.FromGuest))
	if err != nil {
		return err
	}
	if err := checkMAC(m.MAC, s.mac(wire.FromGuest)); err != nil {
		return err
	}
	s.add(frame)
	return nil
}
