package guest

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/core/guest"
	"impero/ui/remote"
	"impero/ui/theme"
)

// set is time that passes as a test says.
type set struct{ at time.Time }

func (c *set) Now() time.Time                          { return c.at }
func (*set) After(time.Duration, func()) (stop func()) { return func() {} }

// measured is a session window whose panel shows the figures of a second.
func measured(t *testing.T) (*stand, *sessionWindow) {
	t.Helper()
	clock := &set{time.Date(2026, 11, 24, 9, 14, 7, 0, time.Local)}
	s, info := newStandAt(t, false, clock), fullControl()
	info.Since = clock.at
	session := s.opens(info)
	w := s.session()
	w.command(remote.ShowStatistics)
	session.mu.Lock()
	session.statistics = guest.Statistics{DecodeMedian: 3140 * time.Microsecond, DecodeWorst: 17500 * time.Microsecond, Queued: 1200,
		Host: guest.HostTimes{Updates: 28, Capture: 1500 * time.Microsecond, Capture95: 2 * time.Millisecond, Encode: 6 * time.Millisecond, Encode95: 12340 * time.Microsecond, Queue: 800 * time.Microsecond, Queue95: 4 * time.Millisecond}}
	session.statistics.Codecs[guest.JPEG] = guest.Share{Ops: 10, Bytes: 74_000}
	session.statistics.Codecs[guest.Video] = guest.Share{Ops: 30, Bytes: 25_900}
	session.statistics.Codecs[guest.Copy] = guest.Share{Ops: 2, Bytes: 100}
	session.mu.Unlock()
	clock.at = clock.at.Add(time.Second)
	w.update()
	return s, w
}

func TestStatisticsPanel(t *testing.T) {
	_, w := measured(t)
	p := w.stats
	test.AssertRendersToMarkup(t, "session-statistics.xml", w.win.Canvas())
	room, panel := p.layer.Size().Width, p.panel
	least := sessionLeastHeight - theme.ToolbarHeight - theme.BannerHeight - theme.StatusBarHeight - 2*theme.LineWidth
	if end := panel.Position().AddXY(panel.Size().Width, panel.Size().Height); end.X != room-statsMargin || end.Y > least {
		t.Errorf("the panel ends at %v in a room %v wide, which may be only %v high", end, room, least)
	}
	if w.win.Canvas().Focused() != fyne.Focusable(w.screen) {
		t.Error("the panel takes the keyboard from the picture")
	}
	w.command(remote.ShowStatistics)
	if p.shown() || p.figures != nil {
		t.Error("the panel stays, or goes on asking")
	}
	w.command(remote.ShowStatistics)
	if !p.shown() || len(p.values) != 10+guest.Codecs {
		t.Errorf("the panel is not there again, with %d figures", len(p.values))
	}
}

func TestStatisticsPanelIsBelowTheBar(t *testing.T) {
	_, w := measured(t)
	w.command(remote.FullScreen)
	w.command(remote.ShowBar)
	w.stats.update()
	if bar := w.full.panel; bar.Position().Y+bar.Size().Height > w.stats.panel.Position().Y {
		t.Error("the bar covers the panel")
	}
}

func TestStatisticsPanelOutlivesTheSession(t *testing.T) {
	s, w := measured(t)
	w.l.Session().(*fakeSession).end(&guest.Error{Kind: guest.KindHostUser})
	s.until("the end", func() bool { return w.ending != nil })
	if !w.stats.shown() || w.stats.values[0].Text() == "" {
		t.Error("the last figures are gone")
	}
	w.stats.toggle()
	w.stats.toggle()
	if w.stats.shown() {
		t.Error("a session that is over is measured")
	}
}
