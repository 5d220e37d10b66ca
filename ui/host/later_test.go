package host

import (
	"context"
	"testing"
	"testing/synctest"

	"impero/core/seam"
)

// wanted says whether windows are needed.
func wanted(l *Later) bool {
	select {
	case <-l.Wanted():
		return true
	default:
		return false
	}
}

// TestWindowsAreMadeWhenNeeded: for a question, for the strip and for the window itself, and what came before is shown then.
func TestWindowsAreMadeWhenNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLater()
		ended := uint32(0)
		l.Ends(func(session uint32) { ended = session })
		l.Watching(nil)
		if wanted(l) {
			t.Fatal("windows are wanted for nothing")
		}
		given, cancel := context.WithCancel(t.Context())
		got := make(chan seam.Answer, 1)
		go func() { got <- l.Ask(given, annas()) }()
		synctest.Wait()
		cancel() // the Guest gave up before there was a window
		if answer := <-got; !wanted(l) || answer != seam.AnswerRefuse {
			t.Errorf("a question: wanted %t, answer %d", wanted(l), answer)
		}
		l.Watching([]seam.Watcher{{Session: 7}})
		go func() { got <- l.Ask(t.Context(), annas()) }()
		synctest.Wait()
		a := new(asker)
		p := &Prompts{post: func(f func()) { f() }, view: a}
		if l.Use(p) {
			t.Error("the Host's window is shown, which nobody wanted to see")
		}
		synctest.Wait()
		if a.shown != 1 || len(a.list) != 1 {
			t.Fatalf("%d questions, %d who watch", a.shown, len(a.list))
		}
		a.answer(seam.AnswerAllow)
		if answer := <-got; answer != seam.AnswerAllow {
			t.Errorf("the answer is %d", answer)
		}
		p.disconnect(a.list)
		l.Notice(&seam.Notice{Phase: seam.PhaseBefore})
		l.Watching(nil)
		synctest.Wait()
		if ended != 7 || len(a.told) != 1 || len(a.list) != 0 {
			t.Errorf("ended %d, told %d, %d watch", ended, len(a.told), len(a.list))
		}

		told, a := NewLater(), new(asker)
		for range 2 * maxNotices {
			told.Notice(&seam.Notice{Phase: seam.PhaseBefore})
		}
		if !wanted(told) || told.Use(&Prompts{post: func(f func()) { f() }, view: a}) || len(a.told) != maxNotices {
			t.Errorf("of what was to be told before there were windows %d were told", len(a.told))
		}

		shown := NewLater()
		shown.Open()
		shown.Open()
		if !wanted(shown) || !shown.Use(&Prompts{post: func(f func()) { f() }, view: new(asker)}) {
			t.Error("the Host's window is not shown")
		}
	})
}
