package presenter

import (
	"fmt"
	"time"

	"impero/ui/shell/day"
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
	switch day.Between(t, now) {
	case 0:
		return phrase.With("Today {{.Time}}", phrase.Args{"Time": clock})
	case 1:
		return phrase.With("Yesterday {{.Time}}", phrase.Args{"Time": clock})
	}
	if t.Year() == now.Year() {
		return phrase.With("{{.Weekday}} {{.Day}} {{.Month}}, {{.Time}}", phrase.Args{
			"Weekday": day.Weekday(t.Weekday()), "Day": t.Day(), "Month": day.Month(t.Month()), "Time": clock})
	}
	return phrase.With("{{.Day}} {{.Month}} {{.Year}}, {{.Time}}", phrase.Args{
		"Day": t.Day(), "Month": day.Month(t.Month()), "Year": t.Year(), "Time": clock})
}

// date says a day: 3 March 2026, or with a short month.
func date(t, now time.Time, month func(time.Month) phrase.Phrase) phrase.Phrase {
	t = t.In(now.Location())
	return phrase.With("{{.Day}} {{.Month}} {{.Year}}", phrase.Args{"Day": t.Day(), "Month": month(t.Month()), "Year": t.Year()})
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

func longMonth(m time.Month) phrase.Phrase {
	return [...]phrase.Phrase{
		phrase.New("January"), phrase.New("February"), phrase.New("March"), phrase.New("April"), phrase.New("May"), phrase.New("June"),
		phrase.New("July"), phrase.New("August"), phrase.New("September"), phrase.New("October"), phrase.New("November"), phrase.New("December"),
	}[m-1]
}
