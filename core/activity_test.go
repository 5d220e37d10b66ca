package core_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"impero/core/host"
	"impero/core/role"
	"impero/core/session"
	"impero/core/wire"
)

// Kinds of streams that only tests have.
const (
	kindNumbers wire.StreamKind = 0x7001 // numbers both ways, for counting
	kindEcho    wire.StreamKind = 0x7002 // what comes goes back
)

// serving gives a suite an activity for those who may use keyboard and mouse.
func serving(kind wire.StreamKind, serve func(context.Context, *session.Stream)) func(*suite) {
	return func(s *suite) {
		if s.cfg.Activities == nil {
			s.cfg.Activities = map[wire.StreamKind]host.Activity{}
		}
		s.cfg.Activities[kind] = host.Activity{Permission: role.UseKeyboardMouse, Serve: serve}
	}
}

// echo sends back what comes, and its parameter first.
func echo(_ context.Context, st *session.Stream) {
	if st.Accept() != nil {
		return
	}
	st.Write(st.Parameter)
	io.Copy(struct{ io.Writer }{st}, struct{ io.Reader }{st})
	st.CloseWrite()
}

func TestActivityServesStreams(t *testing.T) {
	s := newSuite(t, "Full control", false, serving(kindEcho, echo))
	g := s.mustConnect()
	st, err := g.Open(t.Context(), kindEcho, []byte("first "))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Write([]byte("then this")); err != nil {
		t.Fatal(err)
	}
	st.CloseWrite()
	if got, err := io.ReadAll(st); err != nil || string(got) != "first then this" {
		t.Errorf("%q came back, %v", got, err)
	}
	if _, err := g.Open(t.Context(), kindNumbers, nil); codeOf(err) != wire.CloseNotSupported {
		t.Errorf("a kind that the Host does not have gives %v", err)
	}
}

func TestActivityNeedsItsPermission(t *testing.T) {
	served := make(chan struct{}, 1)
	s := newSuite(t, "View only", false, serving(kindEcho, func(context.Context, *session.Stream) { served <- struct{}{} }))
	g := s.mustConnect()
	if _, err := g.Open(t.Context(), kindEcho, nil); codeOf(err) != wire.CloseDenied {
		t.Errorf("a role that does not allow it gives %v", err)
	}
	if g.DeniedCount(role.UseKeyboardMouse) != 1 || len(served) > 0 {
		t.Error("the Guest was not told which permission it lacks, or was served")
	}
}

// TestActivityEndsWithItsSession: whatever waits in it, for the stream or for something else.
func TestActivityEndsWithItsSession(t *testing.T) {
	ended := make(chan error, 2)
	s := newSuite(t, "Full control", false,
		serving(kindEcho, func(ctx context.Context, st *session.Stream) {
			st.Accept()
			<-ctx.Done()
			ended <- nil
		}),
		serving(kindNumbers, func(_ context.Context, st *session.Stream) {
			st.Accept()
			_, err := st.Read(make([]byte, 1))
			ended <- err
		}))
	g := s.mustConnect()
	for _, kind := range []wire.StreamKind{kindEcho, kindNumbers} {
		if _, err := g.Open(t.Context(), kind, nil); err != nil {
			t.Fatal(err)
		}
	}
	g.Close()
	if a, b := <-ended, <-ended; errors.Join(a, b) == nil {
		t.Error("reading of a session that is over gives no error")
	}
}

// codeOf gives what the other side closed with; 0 if it did not.
func codeOf(err error) wire.CloseCode {
	var closed *wire.Closed
	if errors.As(err, &closed) {
		return closed.Code
	}
	return 0
}
