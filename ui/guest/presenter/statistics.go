package presenter

import (
	"fmt"
	"time"

	"impero/core/guest"
	"impero/ui/shell/phrase"
)

// Statistics are the figures of a session for a person who looks into it. Its
// session is asked for them only while somebody calls Figures.
type Statistics struct {
	l       *Live
	before  guest.Statistics // at the last measurement
	at      time.Time        // of that
	shares  [guest.Codecs]guest.Share
	figures []Figure
	codecs  []Figure
}

// Figure is one line: what it is and how much.
type Figure struct {
	Label phrase.Phrase
	Value phrase.Phrase
}

// Shown is how the window shows the picture.
type Shown struct {
	Width, Height int // of the desktop, in pixels
	Scale         float64
	// Presented is how many pictures the times are of; 0 says that nobody knows them.
	Presented     uint64
	Median, Worst time.Duration // to show a picture
}

// between is the least time between two measurements: a second, and what a clock
// may be early. The window looks more often when something happens.
const between = 900 * time.Millisecond

// unknown stands for a figure that there is not.
const unknown = "–"

// Statistics begins to measure.
func (l *Live) Statistics() *Statistics {
	return &Statistics{l: l, before: l.session.Statistics(), at: l.desk.clock.Now()}
}

// Look takes the figures, if a second has passed since it did.
func (s *Statistics) Look(shown Shown) {
	if now := s.l.desk.clock.Now(); now.Sub(s.at) >= between {
		is := s.l.session.Statistics()
		for i := range is.Codecs {
			s.shares[i] = guest.Share{Ops: is.Codecs[i].Ops - s.before.Codecs[i].Ops, Bytes: is.Codecs[i].Bytes - s.before.Codecs[i].Bytes}
		}
		s.before, s.at = is, now
	}
	s.figures = s.measured(shown)
	s.codecs = s.shared()
}

// Figures are the lines of the last Look, always the same ones in number and
// order.
func (s *Statistics) Figures() []Figure { return s.figures }

// Codecs are, by the last Look, the parts of a second's picture data that came in
// each way: lines in the order of guest.Codec.
func (s *Statistics) Codecs() []Figure { return s.codecs }

func (s *Statistics) measured(shown Shown) []Figure {
	f, host := s.l.Figures(), s.before.Host
	present := unknown
	if shown.Presented > 0 {
		present = times(shown.Median, shown.Worst)
	}
	desktop := unknown
	if shown.Width > 0 {
		desktop = fmt.Sprintf("%d × %d, %.0f %%", shown.Width, shown.Height, shown.Scale*100)
	}
	return []Figure{
		{phrase.New("Pictures"), phrase.Plain(f.Rate)},
		{phrase.New("Data, both ways"), phrase.Plain(f.Traffic)},
		{phrase.New("To the Host and back"), phrase.Plain(f.Delay)},
		{phrase.New("Host, capture: mean, 95 %"), phrase.Plain(hostTimes(host, host.Capture, host.Capture95))},
		{phrase.New("Host, encode: mean, 95 %"), phrase.Plain(hostTimes(host, host.Encode, host.Encode95))},
		{phrase.New("Host, wait: mean, 95 %"), phrase.Plain(hostTimes(host, host.Queue, host.Queue95))},
		{phrase.New("Decode: median, longest"), phrase.Plain(times(s.before.DecodeMedian, s.before.DecodeWorst))},
		{phrase.New("Present: median, longest"), phrase.Plain(present)},
		{phrase.New("Not decoded yet"), phrase.Plain(amount(float64(s.before.Queued)))},
		{phrase.New("Desktop"), phrase.Plain(desktop)},
	}
}

// times says two durations of one kind; none of them is as short as 0.
func times(median, worst time.Duration) string {
	if worst <= 0 {
		return unknown
	}
	return fmt.Sprintf("%.1f %5.1f ms", median.Seconds()*1e3, worst.Seconds()*1e3)
}

// hostTimes says two durations that the Host told, which may be as short as 0.
func hostTimes(h guest.HostTimes, mean, most time.Duration) string {
	if h.Updates == 0 {
		return unknown
	}
	return fmt.Sprintf("%.1f %5.1f ms", mean.Seconds()*1e3, most.Seconds()*1e3)
}

func (s *Statistics) shared() []Figure {
	names := [guest.Codecs]phrase.Phrase{
		guest.JPEG: phrase.Plain("JPEG"), guest.Palette: phrase.New("Palette"), guest.Raw: phrase.New("Raw pixels"), guest.Fill: phrase.New("Plain colour"),
		guest.Copy: phrase.New("Moved"), guest.Video: phrase.New("Video"), guest.Cached: phrase.New("Seen before"), guest.Sketch: phrase.New("Sketch"),
	}
	var all uint64
	for _, c := range s.shares {
		all += c.Bytes
	}
	lines := make([]Figure, guest.Codecs)
	for i, c := range s.shares {
		share := unknown
		switch part := float64(c.Bytes) / float64(max(all, 1)) * 100; {
		case part >= 1:
			share = fmt.Sprintf("%.0f %%", part)
		case c.Ops > 0:
			share = "< 1 %"
		}
		lines[i] = Figure{names[i], phrase.Plain(share)}
	}
	return lines
}
