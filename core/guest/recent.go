package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"impero/core/store"
)

// Result says how an attempt or a session ended.
type Result uint8

const (
	ResultYou           Result = 1 // ended by the Guest's user
	ResultHostUser      Result = 2 // ended by the Host's user or administrator
	ResultLost          Result = 3 // the connection broke
	ResultWrongPassword Result = 4
	ResultRefused       Result = 5 // by the Host, its user, or the role
	ResultNotReached    Result = 6 // no such name, no answer, nobody listens, another program
	ResultIdentity      Result = 7 // the Host's key was not the known one, or not accepted
	ResultOther         Result = 8
)

// Record is one past attempt or session.
type Record struct {
	Target   Target        `json:"target"`
	Address  string        `json:"address"`
	Start    time.Time     `json:"start"`
	Duration time.Duration `json:"duration"` // 0 if there was no session
	Result   Result        `json:"result"`
	Detail   string        `json:"detail,omitempty"`
	Unlisted bool          `json:"unlisted,omitempty"` // taken off the list of recent Hosts; the history keeps it
}

const (
	recentFile    = "history.json"
	recentVersion = 1
	maxRecent     = 500
)

// history is the file of past sessions, the newest first.
type history struct {
	path string

	mu   sync.Mutex
	list []Record
}

func openHistory(home store.Home) (*history, error) {
	h := &history{path: filepath.Join(home.GuestDir(), recentFile)}
	if err := h.load(); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *history) load() error {
	var list []Record
	if _, err := store.LoadJSON(h.path, recentVersion, &list); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the history: %w", err)
	}
	h.list = list[:min(len(list), maxRecent)]
	return nil
}

func (h *history) add(r Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.load(); err != nil {
		return err
	}
	h.list = slices.Insert(h.list, 0, r)
	h.list = h.list[:min(len(h.list), maxRecent)]
	if err := store.SaveJSON(h.path, recentVersion, h.list); err != nil {
		return fmt.Errorf("keep the history: %w", err)
	}
	return nil
}

// unlist takes Hosts off the list of recent ones, until they are reached for again.
func (h *history) unlist(targets []Target) error {
	return h.change(func(r *Record) {
		r.Unlisted = r.Unlisted || slices.Contains(targets, r.Target)
	})
}

// rename has records of a communication profile follow its new name.
func (h *history) rename(old, name string) error {
	return h.change(func(r *Record) {
		if r.Target.Profile == old {
			r.Target.Profile = name
		}
	})
}

// change changes every record. What cannot be kept is not changed.
func (h *history) change(f func(*Record)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.load(); err != nil {
		return err
	}
	list := slices.Clone(h.list)
	for i := range list {
		f(&list[i])
	}
	if err := store.SaveJSON(h.path, recentVersion, list); err != nil {
		return fmt.Errorf("keep the history: %w", err)
	}
	h.list = list
	return nil
}

// Recent lists past attempts and sessions, the newest first.
func (e *Engine) Recent() []Record {
	e.history.mu.Lock()
	defer e.history.mu.Unlock()
	return slices.Clone(e.history.list)
}

// Unlist takes Hosts off the list of recent ones: their records are Unlisted. The next attempt puts a Host on it again.
func (e *Engine) Unlist(targets ...Target) error {
	if err := e.history.unlist(targets); err != nil {
		e.log.Error("the history could not be written", "reason", err)
		return err
	}
	e.log.Info("taken off the recent hosts", "hosts", len(targets))
	return nil
}

// record keeps how an attempt or session ended. That it cannot be kept is logged and harms nothing else.
func (e *Engine) record(r Record, err error) {
	r.Result = resultOf(err)
	var g *Error
	if errors.As(err, &g) {
		if r.Detail = g.Detail; g.Kind == KindCancelled {
			return
		}
	}
	if err := e.history.add(r); err != nil {
		e.log.Error("the history could not be written", "reason", err)
	}
}

func resultOf(err error) Result {
	var e *Error
	switch {
	case err == nil:
		return ResultYou
	case !errors.As(err, &e):
		return ResultOther
	}
	switch e.Kind {
	case KindHostUser, KindHostStopping, KindRoleEnded, KindInactive, KindTime:
		return ResultHostUser
	case KindLost, KindSessionOver, KindReplaced:
		return ResultLost
	case KindLogonFailed, KindLockedOut, KindLogonTime:
		return ResultWrongPassword
	case KindUserRefused, KindUserAway, KindAddress, KindMode, KindNoLogon, KindFull, KindBusy, KindNoDisplay, KindDenied, KindLevel,
		KindNotSupported:
		return ResultRefused
	case KindBadAddress, KindBadPort, KindNameNotFound, KindNobody, KindNoAnswer, KindNotImpero, KindHostTooOld, KindHostTooNew:
		return ResultNotReached
	case KindChangedKey, KindNotTrusted:
		return ResultIdentity
	}
	return ResultOther
}
