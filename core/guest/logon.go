package guest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"impero/core/password"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// logonExport is the label of the secret that ties a password proof to its handshake, core/wire/PROTOCOL.md §9.
const logonExport = "logon"

// logon holds the conversation until the Host gives a role or closes.
func (a *attempt) logon(ctx context.Context, d *session.Dialogue, conn *secure.Conn) (*wire.LogonDone, error) {
	m, err := d.Receive(ctx)
	if err != nil {
		return nil, err
	}
	offer, ok := m.(*wire.LogonOffer)
	if !ok {
		return nil, outOfTurn(m)
	}
	method, err := choose(offer.Methods)
	if err != nil {
		return nil, err
	}
	form := Form{Target: a.target, HostName: a.id.Name, Left: -1, Known: a.known, Fields: fieldsOf(method), Level: a.id.Level.String(),
		System: method == wire.MethodSystem}
	for {
		values, err := a.p.Logon(ctx, form)
		if err != nil {
			return nil, err
		}
		if len(values) != len(form.Fields) {
			return nil, fmt.Errorf("the form has %d fields and was given %d values", len(form.Fields), len(values))
		}
		done, failed, err := a.try(ctx, d, conn, method, values)
		if done != nil || err != nil {
			return done, err
		}
		if failed.Wait > 0 {
			kind := KindLockedOut
			_, err := d.Receive(ctx) // the Host closes: no further try is taken
			if closed := (*wire.Closed)(nil); errors.As(err, &closed) && closed.Code == wire.CloseUserRefused {
				kind = KindUserRefused
			}
			return nil, &Error{Kind: kind, Wait: time.Duration(failed.Wait) * time.Second, Err: err}
		}
		if failed.Left == 0 {
			_, err := d.Receive(ctx) // the same
			return nil, &Error{Kind: KindLogonFailed, Err: err}
		}
		form.Failed, form.Left = true, -1
		if failed.Left != 255 {
			form.Left = int(failed.Left)
		}
		for i, f := range form.Fields {
			if f.Kind == FieldUser {
				form.Fields[i].Value = values[i]
			}
		}
	}
}

// choose takes the Host's first method that this Guest can do.
func choose(methods []wire.Method) (wire.Method, error) {
	for _, m := range methods {
		if m == wire.MethodPassword || m == wire.MethodUserPassword || m == wire.MethodSystem {
			return m, nil
		}
	}
	return 0, &Error{Kind: KindNoLogon, Detail: "the Host offers no way to log on that this Guest knows"}
}

func fieldsOf(m wire.Method) []FormField {
	if m == wire.MethodUserPassword || m == wire.MethodSystem {
		return []FormField{{Kind: FieldUser}, {Kind: FieldPassword}}
	}
	return []FormField{{Kind: FieldPassword}}
}

// try is one try: its end is LogonDone, LogonFailed or an error. But for a system account's, the password leaves this
// computer in no form that could be guessed against.
func (a *attempt) try(ctx context.Context, d *session.Dialogue, conn *secure.Conn, method wire.Method, values []string) (*wire.LogonDone, *wire.LogonFailed, error) {
	var proof *password.Proof
	var err error
	if method == wire.MethodSystem {
		err = a.startSystem(d, values[0], values[1])
	} else {
		proof, err = a.startProof(d, conn, method, values)
	}
	if err != nil {
		return nil, nil, err
	}
	for rounds := 0; rounds < 16; rounds++ {
		m, err := d.Receive(ctx)
		if err != nil {
			return nil, nil, err
		}
		switch m := m.(type) {
		case *wire.LogonDone:
			if proof != nil {
				return nil, nil, outOfTurn(m) // a Host that does not prove that it knows the password
			}
			return m, nil, nil
		case *wire.LogonFailed:
			return nil, m, nil
		case *wire.LogonData:
			if proof == nil {
				return nil, nil, outOfTurn(m)
			}
			last, err := proof.Finish(conn.Peer().HostKey, m.Data)
			switch {
			case errors.Is(err, password.ErrWrong):
				last = nil // the Host counts and answers
			case err != nil:
				return nil, nil, &wire.Violation{Code: wire.CloseProtocol, Err: err}
			default:
				proof = nil
			}
			if err := d.Send(&wire.LogonData{Data: last}); err != nil {
				return nil, nil, err
			}
		case *wire.LogonWait:
			if proof != nil {
				return nil, nil, outOfTurn(m)
			}
			a.waited, a.asked = time.Duration(m.Seconds)*time.Second, a.e.now()
			if w, ok := a.p.(Waiter); ok {
				w.AskingUser(a.waited)
			}
		case *wire.LogonPrompt:
			if proof != nil {
				return nil, nil, outOfTurn(m) // what a person answers is for a Host that has proven itself
			}
			if err := a.answer(ctx, d, m); err != nil {
				return nil, nil, err
			}
		default:
			return nil, nil, outOfTurn(m)
		}
	}
	return nil, nil, &wire.Violation{Code: wire.CloseLimit, Err: errors.New("the logon has too many rounds")}
}

// startProof begins a try whose proof tells the Host nothing.
func (a *attempt) startProof(d *session.Dialogue, conn *secure.Conn, method wire.Method, values []string) (*password.Proof, error) {
	user := ""
	if method == wire.MethodUserPassword {
		user = values[0]
	}
	proof, first, err := password.Begin(conn.Export(logonExport), user, values[len(values)-1])
	if err != nil {
		return nil, err
	}
	return proof, d.Send(&wire.LogonStart{Method: method, User: user, Computer: a.e.cfg.Computer, Data: first})
}

// startSystem tells the Host, whose identity is sure by now, an account of its system and the password.
func (a *attempt) startSystem(d *session.Dialogue, user, secret string) error {
	if user == "" || len(user) > wire.MaxUser || secret == "" || len(secret) > wire.MaxSecret {
		return fmt.Errorf("a user name has 1 to %d bytes, a password 1 to %d", wire.MaxUser, wire.MaxSecret)
	}
	l := wire.SystemLogon{User: user, Password: []byte(secret)}
	start := l.Start(a.e.cfg.Computer)
	defer clear(start.Data)
	defer clear(l.Password)
	return d.Send(start)
}

// answer shows what the Host asks for and sends what the person types.
func (a *attempt) answer(ctx context.Context, d *session.Dialogue, m *wire.LogonPrompt) error {
	form := Form{Target: a.target, HostName: a.id.Name, Text: m.Text, Left: -1, Known: a.known, Level: a.id.Level.String()}
	var at []int
	for i, f := range m.Fields {
		switch f.Kind {
		case wire.FieldText:
			form.Fields = append(form.Fields, FormField{Kind: FieldText, Label: f.Label})
		case wire.FieldSecret:
			form.Fields = append(form.Fields, FormField{Kind: FieldSecret, Label: f.Label})
		default:
			form.Text += " " + f.Label
			continue
		}
		at = append(at, i)
	}
	values, err := a.p.Logon(ctx, form)
	if err != nil {
		return err
	}
	answer := &wire.LogonAnswer{Values: slices.Repeat([][]byte{nil}, len(m.Fields))}
	for i, v := range values[:min(len(values), len(at))] {
		if len(v) > wire.MaxValue {
			return fmt.Errorf("an answer has %d bytes, at most %d are taken", len(v), wire.MaxValue)
		}
		answer.Values[at[i]] = []byte(v)
	}
	return d.Send(answer)
}

func outOfTurn(m wire.Message) error {
	return &wire.Violation{Code: wire.CloseProtocol, Err: fmt.Errorf("message %#x out of turn", uint16(m.Type()))}
}
