package host

import (
	"strconv"
	"time"

	"impero/ui/shell/phrase"
)

// when is a time of the past in words, as near as a person needs it: "09:12"
// today, "Yesterday 17:40", "Thu 19 Nov, 16:22" before. Both times are taken in
// now's place on earth. A time of another year has its year.
func when(t, now time.Time) phrase.Phrase {
	t = t.In(now.Location())
	clock := t.Format("15:04")
	days := daysBetween(t, now)
	switch {
	case days == 0:
		return phrase.Plain(clock)
	case days == 1:
		return phrase.With("Yesterday {{.Time}}", phrase.Args{"Time": clock})
	}
	day := strconv.Itoa(t.Day())
	if t.Year() != now.Year() {
		return phrase.With("{{.Day}} {{.Month}} {{.Year}}, {{.Time}}",
			phrase.Args{"Day": day, "Month": month(t.Month()), "Year": strconv.Itoa(t.Year()), "Time": clock})
	}
	return phrase.With("{{.Weekday}} {{.Day}} {{.Month}}, {{.Time}}",
		phrase.Args{"Weekday": weekday(t.Weekday()), "Day": day, "Month": month(t.Month()), "Time": clock})
}

// daysBetween counts the midnights between two times of one place; negative if
// t is later.
func daysBetween(t, now time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(now).Sub(noon(t)).Hours() / 24)
}

// since is "since 09:12" for the status bar and in sentences.
func since(t, now time.Time) phrase.Phrase {
	if daysBetween(t.In(now.Location()), now) == 1 {
		return phrase.With("since yesterday {{.Time}}", phrase.Args{"Time": t.In(now.Location()).Format("15:04")})
	}
	return phrase.With("since {{.When}}", phrase.Args{"When": when(t, now)})
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

func month(m time.Month) phrase.Phrase {
	switch m {
	case time.January:
		return phrase.New("Jan")
	case time.February:
		return phrase.New("Feb")
	case time.March:
		return phrase.New("Mar")
	case time.April:
		return phrase.New("Apr")
	case time.May:
		return phrase.New("May")
	case time.June:
		return phrase.New("Jun")
	case time.July:
		return phrase.New("Jul")
	case time.August:
		return phrase.New("Aug")
	case time.September:
		return phrase.New("Sep")
	case time.October:
		return phrase.New("Oct")
	case time.November:
		return phrase.New("Nov")
	}
	return phrase.New("Dec")
}
