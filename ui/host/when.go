package host

import (
	"strconv"
	"time"

	"impero/ui/shell/day"
	"impero/ui/shell/phrase"
)

// when is a time of the past in words, as near as a person needs it: "09:12"
// today, "Yesterday 17:40", "Thu 19 Nov, 16:22" before. Both times are taken in
// now's place on earth. A time of another year has its year.
func when(t, now time.Time) phrase.Phrase {
	t = t.In(now.Location())
	clock := t.Format("15:04")
	days := day.Between(t, now)
	switch {
	case days == 0:
		return phrase.Plain(clock)
	case days == 1:
		return phrase.With("Yesterday {{.Time}}", phrase.Args{"Time": clock})
	}
	number := strconv.Itoa(t.Day())
	if t.Year() != now.Year() {
		return phrase.With("{{.Day}} {{.Month}} {{.Year}}, {{.Time}}",
			phrase.Args{"Day": number, "Month": day.Month(t.Month()), "Year": strconv.Itoa(t.Year()), "Time": clock})
	}
	return phrase.With("{{.Weekday}} {{.Day}} {{.Month}}, {{.Time}}",
		phrase.Args{"Weekday": day.Weekday(t.Weekday()), "Day": number, "Month": day.Month(t.Month()), "Time": clock})
}

// since is "since 09:12" for the status bar and in sentences.
func since(t, now time.Time) phrase.Phrase {
	if day.Between(t.In(now.Location()), now) == 1 {
		return phrase.With("since yesterday {{.Time}}", phrase.Args{"Time": t.In(now.Location()).Format("15:04")})
	}
	return phrase.With("since {{.When}}", phrase.Args{"When": when(t, now)})
}
