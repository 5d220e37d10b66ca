// Package day has what every window needs to say when something was: midnights between two times, and the short names
// of days and months as phrases. It is free of Fyne, for presenters; its functions are pure.
package day

import (
	"time"

	"impero/ui/shell/phrase"
)

// Between counts the midnights from t to now, both in now's place on earth; negative if t is later.
func Between(t, now time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(now).Sub(noon(t.In(now.Location()))).Hours() / 24)
}

// Weekday is the short name of a day of the week: Mon.
func Weekday(d time.Weekday) phrase.Phrase {
	return [...]phrase.Phrase{
		phrase.New("Sun"), phrase.New("Mon"), phrase.New("Tue"), phrase.New("Wed"), phrase.New("Thu"), phrase.New("Fri"), phrase.New("Sat"),
	}[d]
}

// Month is the short name of a month: Jan.
func Month(m time.Month) phrase.Phrase {
	return [...]phrase.Phrase{
		phrase.New("Jan"), phrase.New("Feb"), phrase.New("Mar"), phrase.New("Apr"), phrase.New("May"), phrase.New("Jun"),
		phrase.New("Jul"), phrase.New("Aug"), phrase.New("Sep"), phrase.New("Oct"), phrase.New("Nov"), phrase.New("Dec"),
	}[m-1]
}
