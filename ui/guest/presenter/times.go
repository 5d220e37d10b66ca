package presenter

import (
	"fmt"
	"time"

	"impero/ui/shell/phrase"
)

// moment says when something was, as tables say it: Today 09:12, Yesterday
// 17:40, Thu 19 Nov, 16:22, and with the year if that is another.
func moment(t, now time.Time) phrase.Phrase {
	if t.IsZero() {
		return phrase.Plain("–")
	}
	t = t.In(now.Location())
	clock := t.Format("15:04")
	switch daysBetween(t, now) {
	case 0:
		return phrase.With("Today {{.Time}}", phrase.Args{"Time": clock})
	case 1:
		return phrase.With("Yesterday {{.Time}}", phrase.Args{"Time": clock})
	}
	if t.Year() == now.Year() {
		return phrase.With("{{.Weekday}} {{.Day}} {{.Month}}, {{.Time}}", phrase.Args{
			"Weekday": weekday(t.Weekday()), "Day": t.Day(), "Month": shortMonth(t.Month()), "Time": clock})
	}
	return phrase.With("{{.Day}} {{.Month}} {{.Year}}, {{.Time}}", phrase.Args{
		"Day": t.Day(), "Month": shortMonth(t.Month()), "Year": t.Year(), "Time": clock})
}

// date says a day: 3 March 2026, or with a short month.
func date(t, now time.Time, month func(time.Month) phrase.Phrase) phrase.Phrase {
	t = t.In(now.Location())
	return phrase.With("{{.Day}} {{.Month}} {{.Year}}", phrase.Args{"Day": t.Day(), "Month": month(t.Month()), "Year": t.Year()})
}

// daysBetween counts the midnights from t to now, both in now's zone.
func daysBetween(t, now time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(now).Sub(day(t)).Hours() / 24)
}

// length says a duration as 0:24:10; nothing took no time.
func length(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	s := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// amount says a number of bytes with a unit: 640 kB, 12.3 MB.
func amount(n float64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	i := 0
	for ; n >= 999.5 && i < len(units)-1; i++ {
		n /= 1000
	}
	if i > 1 && n < 99.95 {
		return fmt.Sprintf("%.1f %s", n, units[i])
	}
	return fmt.Sprintf("%.0f %s", n, units[i])
}

func weekday(d time.Weekday) phrase.Phrase {
	switch d {
	case time.Monday:
		return phrase.New("Mon")
	case time.Tuesday:
		return phrase.New("Tue")
	case time.Wednesday:
		return phrase.New("Wed")
	case time.Thursday:
		return phrase.New("Thu")
	case time.Friday:
		return phrase.New("Fri")
	case time.Saturday:
		return phrase.New("Sat")
	}
	return phrase.New("Sun")
}

func shortMonth(m time.Month) phrase.Phrase {
	return [...]phrase.Phrase{
		phrase.New("Jan"), phrase.New("Feb"), phrase.New("Mar"), phrase.New("Apr"), phrase.New("May"), phrase.New("Jun"),
		phrase.New("Jul"), phrase.New("Aug"), phrase.New("Sep"), phrase.New("Oct"), phrase.New("Nov"), phrase.New("Dec"),
	}[m-1]
}

func longMonth(m time.Month) phrase.Phrase {
	return [...]phrase.Phrase{
		phrase.New("January"), phrase.New("February"), phrase.New("March"), phrase.New("April"), phrase.New("May"), phrase.New("June"),
		phrase.New("July"), phrase.New("August"), phrase.New("September"), phrase.New("October"), phrase.New("November"), phrase.New("December"),
	}[m-1]
}
