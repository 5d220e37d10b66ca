package secure

import (
	"context"
	"crypto/ecdh"
	"crypto/mlkem"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"impero/core/key"
	"impero/core/wire"
)

// Guest runs the calling side's handshake on conn and gives the sealed connection. If it fails, conn is closed.
//
// The error wraps wire.ErrNotImpero if something else answers, is a *RefusedError if the Host refused, wraps
// ErrHandshake if a message was wrong or did not verify, what cfg.Verify gave, ctx's cause, os.ErrDeadlineExceeded if
// the Host took too long, or io.ErrUnexpectedEOF if it hung up.
func Guest(ctx context.Context, conn net.Conn, cfg GuestConfig) (*Conn, error) {
	return guarded(ctx, conn, func() (*Conn, error) { return guestHandshake(ctx, conn, cfg) })
}

// guestKeys are a Guest's ephemeral keys.
type guestKeys struct {
	x25519 *ecdh.PrivateKey
	mlkem  *mlkem.DecapsulationKey768
}

func guestHandshake(ctx context.Context, conn net.Conn, cfg GuestConfig) (*Conn, error) {
	h := newHandshake(conn, wire.FromHost)
	if err := conn.SetDeadline(time.Now().Add(orDefault(cfg.Timeout))); err != nil {
		return nil, err
	}
	hello, private, err := cfg.hello()
	if err != nil {
		return nil, err
	}
	purpose := max(cfg.Purpose, wire.PurposeSession)
	preamble := wire.Preamble{Newest: wire.Version, Oldest: wire.OldestVersion, Purpose: purpose, Target: cfg.Target}.Append(nil)
	if _, err := wire.ParsePreamble(preamble); err != nil {
		return nil, fmt.Errorf("make preamble: the target %q: %v", cfg.Target, err)
	}
	record, helloFrame := clearFrame(hello)
	if len(helloFrame) > wire.MaxRecord {
		return nil, fmt.Errorf("the capabilities make a hello of %d bytes, at most %d are allowed", len(helloFrame), wire.MaxRecord)
	}
	if _, err := conn.Write(slices.Concat(preamble, record)); err != nil {
		return nil, fmt.Errorf("write hello: %w", err)
	}
	answer, rawAnswer, err := h.answer()
	if err != nil {
		return nil, err
	}
	hostHello, hostFrame, err := h.hostHello(answer)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(hello.Levels, hostHello.Level) {
		return nil, failed("encryption level %d was not offered", hostHello.Level)
	}
	peer := Peer{
		Version: answer.Version, Purpose: purpose, Level: hostHello.Level, Capabilities: copyCapabilities(hostHello.Capabilities),
		Target: cfg.Target, RemoteAddr: conn.RemoteAddr(),
	}
	s, err := private.agree(hostHello, preamble, rawAnswer, helloFrame, hostFrame)
	if err != nil {
		return nil, err
	}
	defer s.erase()
	if err := h.hostIdentity(s, &peer); err != nil {
		return nil, err
	}
	if err := cfg.verify(ctx, HostID{Key: peer.HostKey, Name: peer.HostName, Level: peer.Level}); err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(orDefault(cfg.Timeout))); err != nil {
		return nil, err
	}
	finished := &wire.GuestFinished{MAC: [wire.FinishedLen]byte(s.mac(wire.FromGuest))}
	record, frame := sealedFrame(nil, s.handshakeKeys(wire.FromGuest), finished)
	s.add(frame)
	if _, err := conn.Write(record); err != nil {
		return nil, fmt.Errorf("write finished: %w", err)
	}
	return newConn(conn, h.in, s.session(), wire.FromGuest, peer), nil
}

// hello makes the GuestHello and its private keys. A faulty configuration is an error.
func (cfg *GuestConfig) hello() (*wire.GuestHello, *guestKeys, error) {
	if cfg.Verify == nil {
		return nil, nil, errors.New("no Verify is given, so any Host would be trusted")
	}
	if len(cfg.Target) > wire.MaxTarget {
		return nil, nil, fmt.Errorf("the target has %d bytes, at most %d are allowed", len(cfg.Target), wire.MaxTarget)
	}
	levels, err := checkLevels(cfg.Levels, false)
	if err != nil {
		return nil, nil, err
	}
	if err := checkCapabilities(cfg.Capabilities); err != nil {
		return nil, nil, err
	}
	m := &wire.GuestHello{Levels: levels, Capabilities: cfg.Capabilities}
	cfg.entropy.fill(m.Random[:])
	k := &guestKeys{}
	if k.x25519, err = cfg.entropy.x25519(); err != nil {
		return nil, nil, err
	}
	var seed [mlkem.SeedSize]byte
	defer clear(seed[:])
	cfg.entropy.fill(seed[:])
	if k.mlkem, err = mlkem.NewDecapsulationKey768(seed[:]); err != nil {
		return nil, nil, fmt.Errorf("make ML-KEM key: %w", err)
	}
	copy(m.X25519[:], k.x25519.PublicKey().Bytes())
	copy(m.MLKEM[:], k.mlkem.EncapsulationKey().Bytes())
	return m, k, nil
}

// x25519 makes an ephemeral key.
func (e entropy) x25519() (*ecdh.PrivateKey, error) {
	var b [wire.X25519Len]byte
	defer clear(b[:])
	e.fill(b[:])
	k, err := ecdh.X25519().NewPrivateKey(b[:])
	if err != nil {
		return nil, fmt.Errorf("make X25519 key: %w", err)
	}
	return k, nil
}

// answer reads the Host's answer to the preamble.
func (h *handshake) answer() (wire.Answer, []byte, error) {
	a, raw, err := wire.ReadAnswer(h.in)
	switch {
	case errors.Is(err, wire.ErrMalformed):
		return a, nil, failed("read answer: %w", err)
	case err != nil:
		return a, nil, fmt.Errorf("read answer: %w", err)
	}
	return a, raw, nil
}

// hostHello waits for the HostHello; a Refuse is a *RefusedError. frame does not alias the reader's buffer.
func (h *handshake) hostHello(a wire.Answer) (hello *wire.HostHello, frame []byte, err error) {
	m, frame, err := h.next(nil)
	if err != nil {
		return nil, nil, err
	}
	switch m := m.(type) {
	case *wire.HostLevels:
		refuse, _, err := nextAs[*wire.Refuse](h, nil)
		if err != nil {
			return nil, nil, err
		}
		return nil, nil, &RefusedError{Code: refuse.Code, Newest: refuse.Newest, Levels: m.Levels}
	case *wire.Refuse:
		return nil, nil, &RefusedError{Code: m.Code, Newest: m.Newest}
	case *wire.HostHello:
		if a.Version < wire.OldestVersion || a.Version > wire.Version {
			return nil, nil, failed("version %d, which was not offered", a.Version)
		}
		m.Capabilities = copyCapabilities(m.Capabilities)
		return m, slices.Clone(frame), nil
	}
	return nil, nil, failed("message %#x out of order", uint16(m.Type()))
}

// agree finishes both key exchanges; hellos are the parts of T1.
func (k *guestKeys) agree(m *wire.HostHello, hellos ...[]byte) (*schedule, error) {
	public, err := ecdh.X25519().NewPublicKey(m.X25519[:])
	if err != nil {
		return nil, failed("read X25519 key: %w", err)
	}
	x, err := k.x25519.ECDH(public) // refuses an all-zero result
	if err != nil {
		return nil, failed("agree by X25519: %w", err)
	}
	defer clear(x)
	q, err := k.mlkem.Decapsulate(m.MLKEM[:])
	if err != nil {
		return nil, failed("decapsulate: %w", err)
	}
	defer clear(q)
	return newSchedule(x, q, hellos...), nil
}

// hostIdentity waits for the Host's proofs and verifies them.
func (h *handshake) hostIdentity(s *schedule, peer *Peer) error {
	h.check.State = wire.StateIdentity
	k := s.handshakeKeys(wire.FromHost)
	m, frame, err := nextAs[*wire.HostIdentity](h, k)
	if err != nil {
		return err
	}
	public, err := key.PublicFromBytes(m.Key[:])
	if err != nil {
		return failed("read the Host's key: %w", err)
	}
	if !public.Verify(s.identityMessage(m.Name), m.Signature[:]) {
		return failed("the Host's signature is another")
	}
	s.add(frame)
	mac := s.mac(wire.FromHost)
	finished, frame, err := nextAs[*wire.HostFinished](h, k)
	if err != nil {
		return err
	}
	if err := checkMAC(finished.MAC, mac); err != nil {
		return err
	}
	s.add(frame)
	peer.HostKey, peer.HostName = public, m.Name
	return nil
}

// verify asks the caller whether it trusts the Host, for as long as a Host waits.
func (cfg *GuestConfig) verify(ctx context.Context, id HostID) error {
	ctx, cancel := context.WithTimeout(ctx, VerifyTimeout)
	defer cancel()
	if err := cfg.Verify(ctx, id); err != nil {
		return fmt.Errorf("verify host: %w", err)
	}
	return ctx.Err()
}
