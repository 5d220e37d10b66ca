package server

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/logs"
)

// ask sends a request on a bare connection, and gives the reply.
func ask(t *testing.T, c io.ReadWriter, r control.Request) (*control.Reply, error) {
	t.Helper()
	text, err := control.AppendMessage(&r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(text); err != nil {
		return nil, err
	}
	return hear(c)
}

func hear(c io.Reader) (*control.Reply, error) {
	n, err := control.ReadLength(c, control.MaxLarge)
	if err != nil {
		return nil, err
	}
	body, err := control.ReadBody(c, n)
	if err != nil {
		return nil, err
	}
	return control.ParseReply(body)
}

// TestNothingBeforeTheLogon: of every operation, before the hello and before the logon, comes the refusal and the end.
func TestNothingBeforeTheLogon(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		for op := range requests {
			for _, first := range []bool{true, false} {
				c := h.pipe(root)
				if !first {
					if reply, err := ask(t, c, control.Request{ID: 1, Op: control.OpHello, Version: control.Version}); err != nil || reply.Hello.Host != "till-042" {
						t.Fatalf("hello: %+v, %v", reply, err)
					}
				}
				reply, err := ask(t, c, control.Request{ID: 2, Op: op, Account: &control.Account{}})
				if err != nil || reply.Failure == nil || reply.Failure.Code != control.CodeOrder || reply.State != nil || reply.Snapshot != nil {
					t.Errorf("%s: %+v, %v", op, reply, err)
				}
				if _, err := hear(c); err == nil {
					t.Errorf("%s: the connection goes on", op)
				}
			}
		}
		for name, text := range map[string]string{"no JSON": "\x00\x00\x00\x02ab", "too much": "\x00\x01\x00\x00", "another form": "\x00\x00\x00\x16{ \"id\":1,\"op\":\"hello\"}"} {
			c := h.pipe(bob)
			c.Write([]byte(text))
			if reply, err := hear(c); err != nil || reply.Failure == nil || reply.Failure.Code != control.CodeForm {
				t.Errorf("%s: %+v, %v", name, reply, err)
			}
			if _, err := hear(c); err == nil {
				t.Errorf("%s: the connection goes on", name)
			}
		}
		if reply, err := ask(t, h.pipe(bob), control.Request{ID: 1, Op: control.OpHello, Version: 9}); err != nil || reply.Failure.Code != control.CodeVersion {
			t.Errorf("another version: %+v, %v", reply, err)
		}
	})
}

// TestWhoMayWhat goes through the ways to log on.
func TestWhoMayWhat(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		h.here, h.protected = ann, []control.Scope{control.ScopeConfiguration, control.ScopeExit}
		for name, c := range map[string]struct {
			user    string
			account control.Account
			want    control.Rights
			err     error
		}{
			"root":                      {root, control.Account{}, control.Rights{User: "user 0", See: true, Change: true, Paths: true, Steer: true}, nil},
			"an administrator":          {bob, own(ann), control.Rights{User: "ann", See: true, Change: true, Steer: true}, nil},
			"another account":           {ann, own(bob), control.Rights{User: "bob", See: true, Reason: control.ReasonGroup}, nil},
			"the user at the screen":    {ann, control.Account{}, control.Rights{User: "ann", Steer: true, Reason: control.ReasonScreen}, nil},
			"another user":              {bob, control.Account{}, control.Rights{}, control.ErrNotAllowed},
			"the maintenance password":  {bob, control.Account{Maintenance: guard}, control.Rights{User: "bob", See: true, Change: true, Steer: true, Only: control.ScopeConfiguration, Reason: control.ReasonScope}, nil},
			"a wrong password":          {bob, control.Account{User: "ann", Password: "x"}, control.Rights{}, new(control.DeniedError)},
			"a wrong maintenance":       {ann, control.Account{Maintenance: "x"}, control.Rights{}, new(control.DeniedError)},
			"an account without a name": {bob, control.Account{Password: word}, control.Rights{}, errors.New("any")},
		} {
			k := h.client(c.user)
			if _, err := k.Hello(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := k.Open(t.Context(), c.account)
			var denied *control.DeniedError
			switch {
			case got != c.want, (err == nil) != (c.err == nil), c.err == control.ErrNotAllowed && !errors.Is(err, c.err):
				t.Errorf("%s gets %+v, %v; want %+v, %v", name, got, err, c.want, c.err)
			case errors.As(c.err, &denied) && !errors.As(err, &denied):
				t.Errorf("%s is refused with %v", name, err)
			}
			k.Close()
		}
		for _, secret := range []string{word, guard} {
			if strings.Contains(h.logged(), secret) {
				t.Errorf("the log has a password:\n%s", h.logged())
			}
		}
	})
}

// TestRightsAreHeld: who may not do something does not.
func TestRightsAreHeld(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		h.here, h.protected = bob, []control.Scope{control.ScopeExit, control.ScopeGuestAccess}
		h.sessions = []control.Session{{ID: 3}}
		ctx := t.Context()
		reader := h.open(ann, own(bob))
		now, err := reader.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		next := changed(t, now, general, "Maximum", "3")
		if faults, err := reader.Check(ctx, next); err != nil || len(faults) != 0 {
			t.Errorf("a reader's check: %v, %v", faults, err)
		}
		_, err = reader.Apply(ctx, next, now.Revision)
		for what, err := range map[string]error{"apply": err, "stop": reader.Do(ctx, control.OpStop, 0), "disconnect": reader.Do(ctx, control.OpDisconnect, 0)} {
			if !errors.Is(err, control.ErrNotAllowed) {
				t.Errorf("a reader's %s: %v", what, err)
			}
		}

		screen := h.open(bob, control.Account{})
		if _, err := screen.Load(ctx); !errors.Is(err, control.ErrNotAllowed) {
			t.Errorf("the user at the screen sees the configuration: %v", err)
		}
		if state, err := screen.State(ctx); err != nil || len(state.Sessions) != 1 {
			t.Errorf("the user at the screen sees %+v, %v", state, err)
		}
		if err := screen.Do(ctx, control.OpStop, 0); !errors.Is(err, control.ErrMaintenance) || !h.State().Running {
			t.Errorf("stop without the maintenance password: %v", err)
		}
		var denied *control.DeniedError
		if err := screen.CheckMaintenance(ctx, control.ScopeExit, "guess"); !errors.As(err, &denied) || denied.Left != firstTries-1 {
			t.Errorf("a wrong maintenance password: %v", err)
		}
		if err := screen.CheckMaintenance(ctx, control.ScopeExit, guard); err != nil {
			t.Error(err)
		}
		if err := screen.Do(ctx, control.OpStop, 0); err != nil || h.State().Running {
			t.Errorf("stop with the maintenance password: %v", err)
		}
		if err := screen.Do(ctx, control.OpStart, 0); err != nil || !h.State().Running {
			t.Errorf("start: %v", err)
		}
		if err := screen.Do(ctx, control.OpStop, 0); !errors.Is(err, control.ErrMaintenance) {
			t.Errorf("one proof stops twice: %v", err)
		}
		if err := screen.Do(ctx, control.OpDisconnect, 3); err != nil || len(h.State().Sessions) != 0 {
			t.Errorf("disconnect: %v", err)
		}
		h.here = ann
		if _, err := screen.State(ctx); !errors.Is(err, control.ErrNotAllowed) {
			t.Errorf("who left the screen still sees: %v", err)
		}

		part := h.open(bob, control.Account{Maintenance: guard})
		if now, err = part.Load(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := part.Apply(ctx, changed(t, now, general, "Maximum", "3"), now.Revision); !errors.Is(err, control.ErrNotAllowed) {
			t.Errorf("the password for guest access changes the rest: %v", err)
		}
	})
}

// TestPathsAreRoots: an administrator who is not root does not have the service write elsewhere.
func TestPathsAreRoots(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		const file = config.Root + "/Configuration/LocalConfiguration/HostComputer/DebugLog/File"
		root := h.open("0", control.Account{})
		now, err := root.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		administrator := h.open(ann, own(ann))
		elsewhere := changed(t, now, file, "Filename", "/etc/cron.d/log")
		if faults, err := administrator.Check(ctx, elsewhere); err != nil || len(faults) != 1 || faults[0].Attribute != "Filename" {
			t.Errorf("its check: %v, %v", faults, err)
		}
		var invalid *config.InvalidError
		if _, err := administrator.Apply(ctx, elsewhere, now.Revision); !errors.As(err, &invalid) || len(invalid.Faults) != 1 {
			t.Errorf("an administrator who is not root: %v", err)
		}
		if _, err := root.Apply(ctx, elsewhere, now.Revision); err != nil {
			t.Errorf("root: %v", err)
		}
	})
}

// TestTwoAdministrators: the second is told of the first one's change, and nothing of it is lost. Secrets stay where they are.
func TestTwoAdministrators(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		hash, err := config.HashPassword("an old one")
		if err != nil {
			t.Fatal(err)
		}
		if err := h.doc.Set(security+"/Maintenance", "Password", hash); err != nil {
			t.Fatal(err)
		}
		one, two := h.open(bob, own(ann)), h.open(root, control.Account{})
		news := make(chan control.News, 9)
		watching, stop := context.WithCancel(ctx)
		over := make(chan error, 1)
		go func() { over <- two.Watch(watching, func(n control.News) { news <- n }) }()
		if n := <-news; n != control.NewState|control.NewConfiguration {
			t.Errorf("at first the second is told of %d", n)
		}
		a, err := one.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		b, err := two.Load(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(a.Document.Text()), "argon2id") {
			t.Error("the configuration travels with a secret")
		}
		done, err := one.Apply(ctx, changed(t, a, general, "Maximum", "3"), a.Revision)
		if err != nil || !done.Restarted || done.Ended != 2 || done.Now.Revision == a.Revision {
			t.Fatalf("the first: %+v, %v", done, err)
		}
		h.s.Notify(control.NewConfiguration)
		if n := <-news; n != control.NewConfiguration {
			t.Errorf("the second is told of %d", n)
		}
		_, err = two.Apply(ctx, changed(t, b, general, "Maximum", "5"), b.Revision)
		var conflict *control.ConflictError
		if !errors.As(err, &conflict) || conflict.Now.Revision != done.Now.Revision {
			t.Fatalf("the second: %v", err)
		}
		if value, _ := conflict.Now.Document.Get(general, "Maximum"); value != "3" {
			t.Errorf("the second is told %s", value)
		}
		if _, err := two.Apply(ctx, changed(t, conflict.Now, general, "Maximum", "99"), conflict.Now.Revision); !errors.As(err, new(*config.InvalidError)) {
			t.Errorf("a value that is none: %v", err)
		}
		if got := h.doc.Text(); !strings.Contains(string(got), hash) {
			t.Error("the secret was lost")
		}
		if !strings.HasPrefix(h.who, "ann (user 1002)") {
			t.Errorf("the change is %s's", h.who)
		}
		stop()
		<-over
	})
}

// TestWrongPasswords: each takes 3 s, and the fifth locks the user out, not others; two at once are not tried.
func TestWrongPasswords(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		wrong := control.Account{User: "ann", Password: "guess"}
		c := h.client(bob)
		if _, err := c.Hello(ctx); err != nil {
			t.Fatal(err)
		}
		var denied *control.DeniedError
		for i := range firstTries {
			began := time.Now()
			if _, err := c.Open(ctx, wrong); !errors.As(err, &denied) || denied.Left != firstTries-1-i || time.Since(began) < 3*time.Second {
				t.Fatalf("try %d: %v after %s", i, err, time.Since(began))
			}
		}
		if _, err := c.Open(ctx, own(ann)); !errors.As(err, &denied) || !denied.Until.Equal(time.Now().Add(firstLock)) {
			t.Errorf("the right one while locked out: %v", err)
		}
		h.open(ann, own(ann))
		time.Sleep(firstLock)
		if _, err := c.Open(ctx, own(ann)); err != nil {
			t.Errorf("after the lock: %v", err)
		}

		one, two := h.client(bob), h.client(bob)
		one.Hello(ctx)
		two.Hello(ctx)
		go one.Open(ctx, wrong)
		synctest.Wait()
		if _, err := two.Open(ctx, own(ann)); !errors.As(err, &denied) {
			t.Errorf("a second try at once: %v", err)
		}
		if got := strings.Count(h.logged(), "refused at the control socket"); got < firstTries+1 {
			t.Errorf("the log has %d refusals:\n%s", got, h.logged())
		}
	})
}

// TestSlowAndSilent: who does not read, or says nothing, loses the connection and keeps nobody waiting.
func TestSlowAndSilent(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		silent := h.pipe(bob)
		began := time.Now()
		if _, err := hear(silent); err == nil || time.Since(began) != helloTime {
			t.Errorf("a silent program: %v after %s", err, time.Since(began))
		}

		slow := h.pipe(root)
		r := bufio.NewReadWriter(bufio.NewReader(slow), bufio.NewWriterSize(slow, 0))
		for i, op := range []control.Op{control.OpHello, control.OpLogon, control.OpWatch} {
			request := control.Request{ID: uint32(i + 1), Op: op}
			if op == control.OpHello {
				request.Version = control.Version
			} else if op == control.OpLogon {
				request.Account = &control.Account{}
			}
			text, _ := control.AppendMessage(&request)
			slow.Write(text)
			reply, err := hear(r)
			for err == nil && reply.ID == 0 && reply.News != 0 { // the first news may come before the reply
				reply, err = hear(r)
			}
			if err != nil || reply.Failure != nil {
				t.Fatalf("%s: %+v, %v", op, reply, err)
			}
		}
		began = time.Now()
		for range 100 {
			h.s.Notify(control.NewState)
		}
		if time.Since(began) > 0 {
			t.Error("a program that does not read keeps the daemon waiting")
		}
		time.Sleep(bodyTime + time.Second)
		h.s.mu.Lock()
		left := len(h.s.conns)
		h.s.mu.Unlock()
		if left != 0 {
			t.Errorf("%d connections are left", left)
		}
	})
}

// TestManyConnections: a user has some, and others' and root's still come in.
func TestManyConnections(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		for range maxOfUser {
			if _, err := h.client(bob).Hello(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.client(bob).Hello(t.Context()); !errors.Is(err, control.ErrBusy) || !errors.Is(err, control.ErrGone) {
			t.Errorf("one too many: %v", err)
		}
		for _, user := range []string{ann, root} {
			if _, err := h.client(user).Hello(t.Context()); err != nil {
				t.Errorf("user %s: %v", user, err)
			}
		}
	})
}

// TestNamesAreAskedForOnce: hellos do not cost the system a question each.
func TestNamesAreAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, asked := new(names), 0
		ask := func() string { asked++; return "ann" }
		for range 3 {
			if got := n.of(ann, ask); got != "ann" {
				t.Errorf("the name is %q", got)
			}
		}
		time.Sleep(nameTime)
		n.of(ann, ask)
		for i := range 2 * maxNames {
			n.of(string(rune(i)), ask)
		}
		if asked != 2+2*maxNames || len(n.list) > maxNames {
			t.Errorf("asked %d times, %d are kept", asked, len(n.list))
		}
	})
}

// TestRaise: a user's program shows that user's window, not another's; a program that has another window hears nothing of it.
func TestRaise(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		h.here = ann
		manager := h.open(ann, control.Account{})
		go manager.Watch(t.Context(), func(n control.News) {
			if n&control.Raise != 0 {
				t.Error("a program without the Host's window was to show it")
			}
		})
		synctest.Wait()
		if err := h.open(ann, control.Account{}).Do(t.Context(), control.OpRaise, 0); !errors.Is(err, control.ErrUnavailable) {
			t.Errorf("a user with another window: %v", err)
		}
		window := h.open(ann, control.Account{})
		window.Window = true
		news := make(chan control.News, 9)
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- window.Watch(ctx, func(n control.News) { news <- n }) }()
		if n := <-news; n != control.NewState {
			t.Errorf("at first the window was told %d", n)
		}
		if err := h.open(bob, own(bob)).Do(t.Context(), control.OpRaise, 0); !errors.Is(err, control.ErrUnavailable) {
			t.Errorf("a user without a window: %v", err)
		}
		h.s.Notify(control.NewConfiguration)
		synctest.Wait()
		if len(news) != 0 {
			t.Errorf("the window was told %d", <-news)
		}
		if err := h.open(ann, control.Account{}).Do(t.Context(), control.OpRaise, 0); err != nil || <-news != control.Raise {
			t.Errorf("the window was not raised: %v", err)
		}
		stop()
		if err := <-over; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// TestLogIsOfAModule: what the control socket logs can have a level of its own.
func TestLogIsOfAModule(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		h.open(ann, own(ann))
		_, name, _ := strings.Cut(h.logged(), " module=")
		name, _, _ = strings.Cut(name, " ")
		if _, err := logs.ParseModules(name); name == "" || err != nil {
			t.Errorf("the log says %q: %v", h.logged(), err)
		}
	})
}
