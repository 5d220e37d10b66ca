package presenter

import (
	"net"
	"slices"
	"strings"
	"time"

	"impero/core/guest"
	"impero/ui/shell/day"
	"impero/ui/shell/phrase"
)

// Mood is how a result is marked, beside its words.
type Mood uint8

// The moods.
const (
	Good Mood = iota + 1
	Doubtful
	Bad
)

// RecentRow is a Host of the past, with its last session.
type RecentRow struct {
	Host     string // as it is typed
	Address  string
	Profile  string
	Gone     bool // the profile is no longer there
	Start    time.Time
	When     phrase.Phrase
	Duration time.Duration
	Length   string
	Result   phrase.Phrase
	Mood     Mood
	Detail   string
	Count    int // attempts and sessions in all

	targets []guest.Target // all that are shown as this row
}

// Recent lists the Hosts of the past that were not taken off the list, the last
// one first, each once a profile.
func (d *Desk) Recent() []RecentRow {
	return d.rows(slices.DeleteFunc(d.engine.Recent(), func(r guest.Record) bool { return r.Unlisted }))
}

// rows makes a row of all records of a Host and a profile.
func (d *Desk) rows(records []guest.Record) []RecentRow {
	var rows []RecentRow
	seen := map[[2]string]int{} // the row of a Host, as names are compared, and a profile
	for _, r := range records {
		host := d.typed(r.Target)
		key := [2]string{sameName(host), r.Target.Profile}
		if row, ok := seen[key]; ok {
			rows[row].Count++
			rows[row].targets = append(rows[row].targets, r.Target)
			continue
		}
		seen[key] = len(rows)
		words, mood := resultWords(r.Result)
		_, there := d.profile(r.Target.Profile)
		rows = append(rows, RecentRow{
			Host: host, Address: addressOf(r), Profile: r.Target.Profile, Gone: !there,
			Start: r.Start, When: moment(r.Start, d.clock.Now()),
			Duration: r.Duration, Length: length(r.Duration), Result: words, Mood: mood, Detail: r.Detail,
			Count: 1, targets: []guest.Target{r.Target},
		})
	}
	return rows
}

// sameName is a Host's name as names are compared: case and the dot of a whole
// name do not count.
func sameName(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// Unlist takes Hosts off the list. The phrase says what went wrong.
func (d *Desk) Unlist(rows []RecentRow) phrase.Phrase {
	var targets []guest.Target
	for _, r := range rows {
		targets = append(targets, r.targets...)
	}
	if err := d.engine.Unlist(targets...); err != nil {
		return phrase.New("The history of this Guest cannot be read or written. Its log says more.")
	}
	d.past++
	if len(rows) == 1 {
		d.Say(phrase.With("{{.Host}} is off the list.", phrase.Args{"Host": rows[0].Host}))
	} else {
		d.Say(phrase.Count("{{.Count}} Hosts are off the list.", len(rows), nil))
	}
	return phrase.Phrase{}
}

// addressOf is what was dialled, without a port that is the default.
func addressOf(r guest.Record) string {
	if r.Address == "" {
		return "–"
	}
	if t, err := guest.ParseTarget(r.Address, r.Target.Profile); err == nil {
		return t.String()
	}
	if host, _, err := net.SplitHostPort(r.Address); err == nil {
		return host
	}
	return r.Address
}

func resultWords(r guest.Result) (phrase.Phrase, Mood) {
	switch r {
	case guest.ResultYou:
		return phrase.New("Ended by you"), Good
	case guest.ResultHostUser:
		return phrase.New("Ended by the Host user"), Good
	case guest.ResultLost:
		return phrase.New("Connection lost"), Doubtful
	case guest.ResultWrongPassword:
		return phrase.New("Wrong password"), Bad
	case guest.ResultRefused:
		return phrase.New("Refused by the Host"), Bad
	case guest.ResultNotReached:
		return phrase.New("Not reached"), Doubtful
	case guest.ResultIdentity:
		return phrase.New("Identity not accepted"), Bad
	}
	return phrase.New("Failed"), Bad
}

// KnownRow is a Host whose key is kept.
type KnownRow struct {
	Known       guest.KnownHost
	Host        string
	Profile     string
	Fingerprint string
	Since       phrase.Phrase
	Used        int
	Last        phrase.Phrase
}

// Known lists the Hosts whose keys are kept, the last used first.
func (d *Desk) Known() []KnownRow {
	var rows []KnownRow
	now := d.clock.Now()
	for _, k := range d.engine.Known() {
		rows = append(rows, KnownRow{
			Known: k, Host: k.Target.String(), Profile: k.Target.Profile, Fingerprint: k.Fingerprint,
			Since: date(k.Since, now, day.Month), Used: k.Used, Last: moment(k.Last, now),
		})
	}
	return rows
}

// Forget drops the key of a Host. The phrase says what went wrong.
func (d *Desk) Forget(row KnownRow) phrase.Phrase {
	if err := d.engine.Forget(row.Known); err != nil {
		return phrase.With("The key of {{.Host}} was not forgotten: {{.Reason}}", phrase.Args{"Host": row.Host, "Reason": err.Error()})
	}
	d.Say(phrase.With("The key of {{.Host}} is forgotten.", phrase.Args{"Host": row.Host}))
	return phrase.Phrase{}
}
