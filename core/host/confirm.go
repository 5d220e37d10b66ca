package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

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
	log.Info("the Host's user is asked", "user", who.user, "computer", start.Computer, "role", r.Name, "limit", limit)
	answer, err := h.ask(ctx, d, q, limit)
	if err != nil {
		return r, who, err
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

// ask asks through the agent, while the Guest is told to wait.
func (h *Host) ask(ctx context.Context, d *session.Dialogue, q *seam.Ask, limit time.Duration) (seam.Answer, error) {
	heard := make(chan seam.Answer, 1)
	id, ok := h.asks.begin(heard)
	if !ok {
		return 0, &logonEnd{user: q.User, code: wire.CloseBusy, why: errors.New("too many Guests wait for the Host's user")}
	}
	defer h.asks.end(id)
	q.ID = id
	if err := d.Send(&wire.LogonWait{Seconds: q.Seconds}); err != nil {
		return 0, err
	}
	h.agent.send(q)
	defer h.agent.send(&seam.AskEnd{ID: id})
	wait, cancel := context.WithCancel(ctx)
	defer cancel()
	done, answer := make(chan struct{}), seam.Answer(0)
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
	err := d.Idle(ctx, done)
	cancel()
	<-done
	switch {
	case err != nil:
		return 0, err
	case answer == 0:
		return 0, &logonEnd{user: q.User, code: wire.CloseUserAway, why: fmt.Errorf("the Host's user did not answer within %s", limit)}
	}
	return answer, nil
}
