package server

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestRefusalsDoNotFillTheLogs: those of one user are logged once a second, whatever others do.
func TestRefusalsDoNotFillTheLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Config{})
		logged := map[string]int{}
		for n := range 1000 {
			for _, user := range []string{"1000", "1001"} {
				if s.mayComplain(user) {
					logged[user]++
				}
			}
			if n%100 == 99 {
				time.Sleep(time.Second) // of the bubble's clock
			}
		}
		if logged["1000"] != 10 || logged["1001"] != 10 {
			t.Errorf("logged were %v", logged)
		}
	})
}

// TestOnesOwnLogonClearsNoGuesses: who has an account cannot guess at others for ever.
func TestOnesOwnLogonClearsNoGuesses(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	y := newTries(func() time.Time { return now })
	for range firstTries - 1 {
		if _, until := y.wrong("1001", "root"); !until.IsZero() {
			t.Fatal("locked too soon")
		}
		y.right("1001", "eve")
	}
	if _, until := y.wrong("1001", "root"); until.IsZero() {
		t.Error("logons of one's own cleared what was guessed at another's account")
	}
	y.wrong("1002", "bob")
	y.right("1002", "bob")
	if left, _ := y.wrong("1002", "bob"); left != firstTries-1 {
		t.Errorf("%d tries left after a right logon at the same account", left)
	}
	y.wrong("1003", "bob")
	y.wrong("1003", "eve")
	y.right("1003", "eve")
	if left, _ := y.wrong("1003", "eve"); left != firstTries-3 {
		t.Errorf("%d tries left after tries at two accounts", left)
	}
}
