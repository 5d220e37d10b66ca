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
