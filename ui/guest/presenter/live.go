package presenter

import (
	"fmt"
	"math"
	"slices"
	"time"

	"impero/core/guest"
	"impero/core/role"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// refusedTime is how long the banner about refused input stays after the last
// refusal.
const refusedTime = 8 * time.Second

// BannerKind tells banners apart.
type BannerKind uint8

// The banners, the gravest first.
const (
	BannerNone BannerKind = iota
	BannerDisplay
	BannerRefused
	BannerViewOnly
)

// Banner is a state of the session that lasts and does not block.
type Banner struct {
	Kind BannerKind
	Text phrase.Phrase
}

// Figures are the numbers of the status bar.
type Figures struct {
	Rate     string // frames a second: "28 fps"
	Traffic  string // "640 kB/s"
	Delay    string // "14 ms"; "–" before the first measurement
	Duration string // "0:12:44"
}

// Live is one session.
type Live struct {
	// OnChange is called about once a second and after every event; the session's
	// window sets it.
	OnChange func()

	desk    *Desk
	session Session
	info    guest.Info
	number  int

	ended    bool
	fault    *guest.Error // why it ended; nil if the person ended it
	stopped  time.Time
	stop     func()
	last     guest.Stats // at the last tick
	lastAt   time.Time
	figures  Figures
	total    uint64
	refused  uint64
	refusal  time.Time
	ready    bool
	reason   string
	status   phrase.Phrase
	statusAt time.Time
	outage   outage
}

func newLive(d *Desk, s Session) *Live {
	d.sequence++
	l := &Live{desk: d, session: s, info: s.Info(), number: d.sequence, lastAt: d.clock.Now(), last: s.Stats(), ready: true}
	l.refused = s.DeniedCount(role.UseKeyboardMouse)
	l.measure()
	l.follow()
	return l
}

// Session is the session itself: its picture and its input.
func (l *Live) Session() Session { return l.session }

// Info describes the session.
func (l *Live) Info() guest.Info { return l.info }

// Number tells sessions apart while the program runs.
func (l *Live) Number() int { return l.number }

// Over tells that the session has ended.
func (l *Live) Over() bool { return l.ended }

// MayControl tells whether keyboard and mouse reach the Host now.
func (l *Live) MayControl() bool { return l.info.MayControl && !l.ended && !l.Stale() }

// watch counts seconds and waits for the end.
func (l *Live) watch() {
	l.stop = l.desk.clock.After(time.Second, l.tick)
	l.desk.running.Add(1)
	go func() {
		defer l.desk.running.Done()
		<-l.session.Done()
		l.desk.post(l.end)
	}()
}

func (l *Live) end() {
	if l.ended {
		return
	}
	l.ended, l.stopped = true, l.desk.clock.Now()
	l.desk.past++
	if l.stop != nil {
		l.stop()
	}
	l.uncount()
	if err := l.session.Err(); err != nil {
		l.fault = asError(err)
	}
	l.measure()
	l.changed()
}

func (l *Live) tick() {
	if l.ended {
		return
	}
	l.stop = l.desk.clock.After(time.Second, l.tick)
	l.measure()
	l.follow()
	l.changed()
}

// measure takes the figures of the second that has passed.
func (l *Live) measure() {
	now, s := l.desk.clock.Now(), l.session.Stats()
	seconds := now.Sub(l.lastAt).Seconds()
	frames, traffic := 0.0, 0.0
	if seconds > 0 && !l.ended {
		frames = float64(s.Frames-l.last.Frames) / seconds
		traffic = float64(s.BytesIn+s.BytesOut-l.last.BytesIn-l.last.BytesOut) / seconds
	}
	l.last, l.lastAt, l.total = s, now, s.BytesIn+s.BytesOut
	l.figures = Figures{
		Rate: fmt.Sprintf("%.0f fps", math.Round(frames)), Traffic: amount(traffic) + "/s", Delay: "–",
		Duration: length(max(l.age(now), time.Second)),
	}
	switch {
	case l.outage.link != linkUp: // the last figure is no longer true
	case s.RoundTrip >= time.Millisecond:
		l.figures.Delay = fmt.Sprintf("%d ms", (s.RoundTrip+time.Millisecond/2)/time.Millisecond)
	case s.RoundTrip > 0:
		l.figures.Delay = "< 1 ms"
	}
	l.ready, l.reason = l.session.Display()
	if info := l.session.Info(); info.Role != l.info.Role || info.MayControl != l.info.MayControl {
		l.roleChanged(info)
	}
	if n := l.session.DeniedCount(role.UseKeyboardMouse); n != l.refused {
		l.refused, l.refusal = n, now
	}
}

// roleChanged takes over what the Host's administrator allows from now on, and says it.
func (l *Live) roleChanged(info guest.Info) {
	could := l.info.MayControl
	l.info.Role, l.info.MayControl = info.Role, info.MayControl
	args := phrase.Args{"Role": l.Role()}
	l.statusAt = l.desk.clock.Now()
	switch {
	case info.MayControl && !could:
		l.status = phrase.With("Your role {{.Role}} allows keyboard and mouse now.", args)
	case could && !info.MayControl:
		l.status = phrase.With("Your role {{.Role}} does not allow keyboard and mouse any more.", args)
	default:
		l.status = phrase.With("Your role is {{.Role}} now.", args)
	}
}

// age is how long the session lasts, or lasted.
func (l *Live) age(now time.Time) time.Duration {
	if l.ended {
		now = l.stopped
	}
	return now.Sub(l.info.Since)
}

// Figures are the numbers of the last second.
func (l *Live) Figures() Figures { return l.figures }

// Traffic is what the session moved in all.
func (l *Live) Traffic() string { return amount(float64(l.total)) }

// Since says when the session began.
func (l *Live) Since() phrase.Phrase { return moment(l.info.Since, l.desk.clock.Now()) }

// State says how the session is, with its mark.
func (l *Live) State() (phrase.Phrase, Mood) {
	switch {
	case l.ended && l.fault == nil:
		return phrase.New("Ended"), Good
	case l.ended:
		return phrase.New("Ended"), Doubtful
	case l.outage.link == linkLost:
		return phrase.New("Connection lost"), Doubtful
	case !l.ready:
		return phrase.New("No display"), Doubtful
	}
	return phrase.New("Connected"), Good
}

// Level is the session's encryption level in words.
func (l *Live) Level() level.Level { return level.Of(l.info.Level) }

// LevelLine says the level with what it means, and that the Host's key is known
// where nothing of that can be read on the way.
func (l *Live) LevelLine() phrase.Phrase {
	v := l.Level()
	if v.Strength == level.Full {
		return phrase.With("{{.Level}}, Host's key known", phrase.Args{"Level": v.Line})
	}
	return v.Line
}

// Role is the name of the role: the built-in ones in the person's language,
// others as the Host's administrator called them.
func (l *Live) Role() phrase.Phrase {
	switch l.info.Role {
	case role.FullControl().Name:
		return phrase.New("Full control")
	case role.ViewOnly().Name:
		return phrase.New("View only")
	}
	return phrase.Plain(l.info.Role)
}

// Banner is the gravest lasting state, BannerNone if there is none.
func (l *Live) Banner() Banner {
	places := phrase.Args{"Host": l.info.Target.Host, "Role": l.Role(), "Reason": l.reason}
	switch {
	case l.ended:
		return Banner{}
	case !l.ready && l.reason != "":
		return Banner{BannerDisplay, phrase.With("{{.Host}} has no display to show now. The Host says: {{.Reason}}", places)}
	case !l.ready:
		return Banner{BannerDisplay, phrase.With("{{.Host}} has no display to show now. The picture comes back with it.", places)}
	case !l.refusal.IsZero() && l.desk.clock.Now().Sub(l.refusal) < refusedTime:
		return Banner{BannerRefused, phrase.With("Your role {{.Role}} does not allow keyboard and mouse. The Host's administrator can change it.", places)}
	case !l.info.MayControl:
		return Banner{BannerViewOnly, phrase.With("You only watch: your role {{.Role}} does not allow keyboard and mouse.", places)}
	}
	return Banner{}
}

// Ending says in one sentence why the session is over, once it is and the
// person did not end it.
func (l *Live) Ending() (Trouble, bool) {
	if !l.ended || l.fault == nil {
		return Trouble{}, false
	}
	return troubleOf(l.fault, l.stopped), true
}

// Say shows a message in the session's status bar for a while.
func (l *Live) Say(p phrase.Phrase) {
	l.status, l.statusAt = p, l.desk.clock.Now()
	l.changed()
}

// Status is the message of the last seconds, empty if there is none.
func (l *Live) Status() phrase.Phrase {
	if l.desk.clock.Now().Sub(l.statusAt) < statusTime {
		return l.status
	}
	return phrase.Phrase{}
}

// Disconnect ends the session. It does not wait.
func (l *Live) Disconnect() { l.desk.closing(l.session) }

// Leave is called when the session's window is closed.
func (l *Live) Leave() {
	l.Disconnect()
	if l.stop != nil {
		l.stop()
	}
	l.uncount()
	l.OnChange = nil
	l.desk.sessions = slices.DeleteFunc(l.desk.sessions, func(m *Live) bool { return m == l })
	l.desk.windows.Changed()
}

// Again leaves an ended session and connects anew.
func (l *Live) Again() {
	t := l.info.Target
	l.Leave()
	l.desk.connectTo(t, Logon{})
}

func (l *Live) changed() {
	if l.OnChange != nil {
		l.OnChange()
	}
	l.desk.windows.Changed()
}
