package presenter

import (
	"fmt"
	"time"

	"impero/core/guest"
	"impero/ui/shell/phrase"
)

// calm is how long a lost connection is not spoken of: most are there again
// before a person would have noticed.
const calm = time.Second

// link is how the connection of a session is, as its window shows it.
type link uint8

const (
	linkUp    link = iota
	linkLost       // for longer than calm
	linkStale      // there again, but no picture has come yet
)

// Outage is a lost connection in words.
type Outage struct {
	Title   phrase.Phrase
	Line    phrase.Phrase // since when, and of when the picture is
	Text    phrase.Phrase // the same, until when the session is kept, and that input is off
	Attempt phrase.Phrase
	Left    float64 // of the time the session is kept: 1 at first, 0 at its end
}

// outage follows the connection of a session.
type outage struct {
	link   link
	lost   guest.Lost // in linkLost
	frames uint64     // pictures when it was lost
	stop   func()     // of the clock that counts; nil if none runs
}

// Heard looks whether the connection was lost or is there again. The window
// calls it when its session has signalled.
func (l *Live) Heard() {
	if l.follow() {
		l.changed()
	}
}

// follow brings link up to date and tells whether something is to be shown.
func (l *Live) follow() bool {
	if l.ended {
		return false
	}
	o := &l.outage
	before := *o
	now := l.desk.clock.Now()
	lost, is := l.session.Lost()
	switch {
	case is && (o.link != linkUp || now.Sub(lost.Since) >= calm):
		if o.link == linkUp {
			o.frames = l.session.Stats().Frames
		}
		o.link, o.lost = linkLost, lost
	case !is && o.link == linkLost:
		o.link = linkStale
	}
	if o.link == linkStale && l.session.Stats().Frames > o.frames {
		o.link = linkUp
	}
	l.count(is, lost.Since, now)
	return o.link != before.link || o.link == linkLost && o.lost != before.lost
}

// count has the words counted on with each second of an outage.
func (l *Live) count(lost bool, since, now time.Time) {
	o := &l.outage
	switch {
	case !lost:
		l.uncount()
	case o.stop == nil:
		past := max(now.Sub(since), 0)
		o.stop = l.desk.clock.After(time.Second-past%time.Second, func() {
			o.stop = nil
			l.follow()
			l.changed()
		})
	}
}

func (l *Live) uncount() {
	if l.outage.stop != nil {
		l.outage.stop()
		l.outage.stop = nil
	}
}

// Outage says that the connection is lost, once that lasts.
func (l *Live) Outage() (Outage, bool) {
	if l.ended || l.outage.link != linkLost {
		return Outage{}, false
	}
	lost, now := l.outage.lost, l.desk.clock.Now()
	left := max(lost.Until.Sub(now), 0)
	seconds := int((left + time.Second - 1) / time.Second)
	places := phrase.Args{
		"Host": l.info.Target.Host, "Time": l.fresh(lost).In(now.Location()).Format("15:04:05"),
		"Ago":  phrase.Count("{{.Count}} seconds", max(int(now.Sub(lost.Since)/time.Second), 1), nil),
		"Left": fmt.Sprintf("%d:%02d", seconds/60, seconds%60),
	}
	out := Outage{
		Title:   phrase.With("Reconnecting to {{.Host}}", places),
		Line:    phrase.With("The network was lost {{.Ago}} ago; this picture is from {{.Time}}.", places),
		Text:    phrase.With("The network was lost {{.Ago}} ago; this picture is from {{.Time}}. The Host keeps the session for another {{.Left}}.", places),
		Attempt: phrase.With("Attempt {{.Number}} is under way", phrase.Args{"Number": lost.Tries + 1}),
	}
	if l.info.MayControl {
		out.Text = phrase.With("The network was lost {{.Ago}} ago; this picture is from {{.Time}}. The Host keeps the session for another {{.Left}}. Keyboard and mouse are off.", places)
	}
	if wait := lost.Next.Sub(now); !lost.Next.IsZero() && wait > 0 {
		out.Attempt = phrase.With("Attempt {{.Number}}, in {{.Seconds}} s",
			phrase.Args{"Number": lost.Tries + 1, "Seconds": int((wait + time.Second - 1) / time.Second)})
	}
	if whole := lost.Until.Sub(lost.Since); whole > 0 {
		out.Left = float64(left) / float64(whole)
	}
	return out, true
}

// fresh is of when the picture is: of the last sign of life, since a Host that
// sends no picture has none to send.
func (l *Live) fresh(lost guest.Lost) time.Time {
	at := lost.Heard
	if shown := l.session.Stats().Shown; shown.After(at) {
		at = shown
	}
	if at.IsZero() {
		return lost.Since
	}
	return at
}

// Stale tells that the picture is old: the connection is lost, or no picture has
// come since. Keyboard and mouse are off that long.
func (l *Live) Stale() bool { return !l.ended && l.outage.link != linkUp }

// TryNow has the next attempt made at once.
func (l *Live) TryNow() { l.session.TryNow() }
