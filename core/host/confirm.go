package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"impero/core/logs/event"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/session"
	"impero/core/wire"
)

// maxAsks is how many Guests may wait for the user at once: as many as windows make sense.
const maxAsks = seam.MaxViewers

// confirmed has the Host's user asked whether a Guest that proved who it is may come in, if its role says so. It gives the
// role and the identity that it has then. Nothing of the answer is remembered.
func (h *Host) confirmed(ctx context.Context, d *session.Dialogue, start *wire.LogonStart, who identity, from place, log *slog.Logger) (role.Role, identity, error) {
	r, err := h.roleFor(who)
	if err != nil {
		return r, who, err
	}
	a := h.rules()
	if !r.Confirm().Asks(a.Confirm.loggedIn) {
		return r, who, nil
	}
	limit := a.Confirm.limit()
	q := &seam.Ask{
		Seconds: uint16(limit / time.Second), User: who.user, Computer: start.Computer, From: from.ip.String(), System: who.mode == ModeSystem,
	}
	for _, p := range r.Allowed() {
		q.Permissions = append(q.Permissions, uint16(p))
	}
	answer, err := h.ask(ctx, d, q, limit, askerOf(who, from), func() {
		log.Info("the Host's user is asked", "user", who.user, "computer", start.Computer, "role", r.Name, "limit", limit)
		h.recordBy(from.way, event.ConfirmAsked, guestOf(start, from), "role "+r.Name)
	})
	switch {
	case err != nil:
		h.recordBy(from.way, event.NotConfirmed, guestOf(start, from), err.Error())
		return r, who, err
	case answer == seam.AnswerAllow || answer == seam.AnswerWatch:
		h.recordBy(from.way, event.Confirmed, guestOf(start, from), answerWords(answer))
	default:
		h.recordBy(from.way, event.NotConfirmed, guestOf(start, from), answerWords(answer))
	}
	log.Info("the Host's user has answered", "answer", answerWords(answer), "user", who.user, "computer", start.Computer)
	switch answer {
	case seam.AnswerAllow:
	case seam.AnswerWatch:
		who.watches = true
	case seam.AnswerNobody:
		return r, who, &logonEnd{user: who.user, code: wire.CloseUserAway, why: errors.New("access must be confirmed, and nobody can be asked: no window of this Host is there")}
	default:
		return r, who, &logonEnd{user: who.user, code: wire.CloseUserRefused, why: errors.New("the Host's user said no")}
	}
	r, err = h.roleFor(who) // it may be another since
	return r, who, err
}

// askerOf tells those who ask apart: by the account, or by the address where a password is all that is known.
func askerOf(who identity, from place) string {
	if who.mode == ModeSystem {
		return "account " + who.user
	}
	return "address " + from.address.String()
}

// limit is how long the user is asked.
func (c Confirm) limit() time.Duration {
	if c.Timeout == 0 {
		return confirmTime
	}
	return c.Timeout
}

// loggedIn says whether a user is logged in; what is not known counts as yes, so that nobody gets in unasked.
func (c Confirm) loggedIn() bool { return c.LoggedIn == nil || c.LoggedIn() }

func answerWords(a seam.Answer) string {
	switch a {
	case seam.AnswerAllow:
		return "allow"
	case seam.AnswerWatch:
		return "only let watch"
	case seam.AnswerRefuse:
		return "refuse"
	}
	return "nobody can be asked"
}

// roleFor is roleOf for a logon.
func (h *Host) roleFor(who identity) (role.Role, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.roleOf(who)
	if !ok {
		return r, &logonEnd{user: who.user, code: wire.CloseDenied, why: fmt.Errorf("no role is given to %q", who.user)}
	}
	return r, nil
}

// hasRole says whether a Guest has a role at all.
func (h *Host) hasRole(who identity) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.roleOf(who)
	return ok
}

// ask asks through the agent, while the Guest is told to wait; asked is called if it does. who may not ask again at once.
func (h *Host) ask(ctx context.Context, d *session.Dialogue, q *seam.Ask, limit time.Duration, who string, asked func()) (answer seam.Answer, err error) {
	heard := make(chan seam.Answer, 1)
	id, pause, ok := h.asks.begin(who, heard, time.Now())
	switch {
	case !ok && pause > 0:
		if err := d.Send(&wire.LogonFailed{Wait: uint16(pause/time.Second) + 1}); err != nil {
			return 0, err
		}
		return 0, &logonEnd{user: q.User, code: wire.CloseUserRefused, why: fmt.Errorf("the Host's user was asked for this Guest just now, and is not again for %s", pause.Round(time.Second))}
	case !ok:
		return 0, &logonEnd{user: q.User, code: wire.CloseBusy, why: errors.New("too many Guests wait for the Host's user")}
	}
	defer func() {
		vain := answer != seam.AnswerAllow && answer != seam.AnswerWatch && answer != seam.AnswerNobody
		h.asks.end(id, who, vain, time.Now())
	}()
	asked()
	q.ID = id
	if err := d.Send(&wire.LogonWait{Seconds: q.Seconds}); err != nil {
		return 0, err
	}
	h.agent.send(q)
	defer h.agent.send(&seam.AskEnd{ID: id})
	wait, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case answer = <-heard:
		case <-h.agent.over():
			answer = seam.AnswerNobody
		case <-timer.C:
		case <-wait.Done():
		}
	}()
	err = d.Idle(ctx, done)
	cancel()
	<-done
	switch {
	case err != nil:
		answer = 0
		return 0, err
	case answer == 0:
		return 0, &logonEnd{user: q.User, code: wire.CloseUserAway, why: fmt.Errorf("the Host's user did not answer within %s", limit)}
	}
	return answer, nil
}
