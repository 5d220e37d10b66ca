package hostile

import (
	"context"
	"crypto/ecdh"
	"crypto/mlkem"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"impero/core/password"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// Stage is how far a connection got, in order, before it turns hostile.
type Stage uint8

const (
	StageDialled  Stage = 0 // nothing was sent
	StagePreamble Stage = 1 // the preamble was sent, GuestHello is due
	StageHello    Stage = 2 // GuestHello was sent and all answers read, GuestFinished is due
	StageLogon    Stage = 3 // the handshake is done, LogonStart is due
	StageOpen     Stage = 4 // logged on
)

// Stages lists them.
func Stages() []Stage {
	return []Stage{StageDialled, StagePreamble, StageHello, StageLogon, StageOpen}
}

func (s Stage) String() string {
	return [...]string{"dialled", "preamble", "hello", "logon", "open"}[s]
}

// state is what the target's checks stand at.
func (s Stage) state() wire.State {
	return [...]wire.State{wire.StateHello, wire.StateHello, wire.StateIdentity, wire.StateLogon, wire.StateOpen}[s]
}

// sealed says whether there are session keys.
func (s Stage) sealed() bool { return s >= StageLogon }

// reach makes a connection and behaves well up to a stage.
func (t Target) reach(ctx context.Context, s Stage, random *rand.Rand) (*line, error) {
	conn, err := t.dial(ctx)
	if err != nil {
		return nil, err
	}
	l := &line{Conn: conn, random: random}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	switch s {
	case StageDialled:
	case StagePreamble:
		_, err = conn.Write(preamble())
	case StageHello:
		err = l.hello()
	default:
		err = t.logon(ctx, l, s)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return l, nil
}

func (t Target) dial(ctx context.Context) (net.Conn, error) {
	if t.Dial != nil {
		return t.Dial(ctx)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", t.Address)
}

// preamble is a good one.
func preamble() []byte {
	return wire.Preamble{Newest: wire.Version, Oldest: wire.OldestVersion, Purpose: wire.PurposeSession}.Append(nil)
}

// guestHello is a good one, with keys that nobody keeps.
func guestHello(random *rand.Rand) *wire.GuestHello {
	m := &wire.GuestHello{Levels: wire.Levels(), Capabilities: []wire.Capability{{Number: wire.CapabilityJPEG}, {Number: wire.CapabilityLossless}, {Number: wire.CapabilityScreen}}}
	fill(random, m.Random[:])
	x := make([]byte, 32)
	seed := make([]byte, mlkem.SeedSize)
	fill(random, x)
	fill(random, seed)
	if private, err := ecdh.X25519().NewPrivateKey(x); err == nil { // any 32 bytes are one
		copy(m.X25519[:], private.PublicKey().Bytes())
	}
	if private, err := mlkem.NewDecapsulationKey768(seed); err == nil { // any 64 bytes are one
		copy(m.MLKEM[:], private.EncapsulationKey().Bytes())
	}
	return m
}

func fill(random *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(random.Uint32())
	}
}

// hello sends a preamble and a GuestHello, and reads the answer and the Host's
// three records.
func (l *line) hello() error {
	if _, err := l.Write(append(preamble(), clearRecord(wire.AppendMessage(nil, 0, guestHello(l.random)))...)); err != nil {
		return err
	}
	if _, _, err := wire.ReadAnswer(l); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	buffer := make([]byte, wire.MaxRecord)
	for range 3 {
		if _, _, err := wire.ReadRecord(l, buffer, wire.MaxRecord); err != nil {
			return fmt.Errorf("read the Host's handshake: %w", err)
		}
	}
	return nil
}

// clearRecord puts a plaintext into a record in clear.
func clearRecord(plain []byte) []byte { return rawRecord(plain, wire.ChannelControl, wire.EpochClear) }

func rawRecord(body []byte, ch wire.Channel, epoch uint16) []byte {
	return append(wire.Header{Length: uint32(len(body)), Channel: ch, Epoch: epoch}.Append(nil), body...)
}

// logon does the handshake and, for StageOpen, logs on.
func (t Target) logon(ctx context.Context, l *line, s Stage) error {
	// Whom it harms is not its concern.
	trust := func(context.Context, secure.HostID) error { return nil }
	conn, err := secure.Guest(ctx, l.Conn, secure.GuestConfig{Verify: trust})
	if err != nil {
		return err
	}
	l.sealed = conn
	d := session.NewDialogue(conn, wire.FromHost)
	m, err := d.Receive(ctx)
	if _, ok := m.(*wire.LogonOffer); err == nil && !ok {
		err = fmt.Errorf("%T instead of an offer", m)
	}
	if err != nil || s == StageLogon {
		return err
	}
	return t.prove(ctx, conn, d)
}

// prove logs on with the password.
func (t Target) prove(ctx context.Context, conn *secure.Conn, d *session.Dialogue) error {
	method := wire.MethodPassword
	if t.User != "" {
		method = wire.MethodUserPassword
	}
	proof, ke1, err := password.Begin(conn.Export("logon"), t.User, t.Password)
	if err != nil {
		return err
	}
	if err := d.Send(&wire.LogonStart{Method: method, User: t.User, Computer: "hostile", Data: ke1}); err != nil {
		return err
	}
	m, err := d.Receive(ctx)
	if err != nil {
		return err
	}
	ke2, ok := m.(*wire.LogonData)
	if !ok {
		return fmt.Errorf("%T instead of a proof", m)
	}
	ke3, err := proof.Finish(conn.Peer().HostKey, ke2.Data)
	if err != nil {
		return err
	}
	if err := d.Send(&wire.LogonData{Data: ke3}); err != nil {
		return err
	}
	if m, err = d.Receive(ctx); err != nil {
		return err
	}
	if _, ok := m.(*wire.LogonDone); !ok {
		return fmt.Errorf("%T instead of the end of the logon", m)
	}
	return nil
}

// send sends a plaintext on a channel: sealed if there are keys, in clear else.
func (l *line) send(ch wire.Channel, plain []byte) error {
	if l.sealed == nil {
		_, err := l.Write(rawRecord(plain, ch, wire.EpochClear))
		return err
	}
	return l.sealed.WriteRecord(ch, plain)
}

// trickle sends a text byte by byte.
func (l *line) trickle(text []byte, each time.Duration) error {
	next := time.NewTicker(each)
	defer next.Stop()
	for i := range text {
		if _, err := l.Write(text[i : i+1]); err != nil {
			return err
		}
		<-next.C
	}
	return nil
}
