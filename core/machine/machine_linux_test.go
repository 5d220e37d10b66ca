package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorder is a Runner that only writes down.
type recorder struct {
	lines []string
	fail  error
}

func (r *recorder) run(_ context.Context, argv ...string) error {
	r.lines = append(r.lines, strings.Join(argv, " "))
	return r.fail
}

func TestExactCommands(t *testing.T) {
	at := time.Unix(1764180000, 0)
	for systemd, want := range map[bool][]string{
		true:  {"rtcwake -m no -t 1764180000", "systemctl suspend", "systemctl enable Imperohostd.service", "systemctl disable Imperohostd.service"},
		false: {"rtcwake -m no -t 1764180000", "loginctl suspend", "update-rc.d Imperohostd defaults", "update-rc.d Imperohostd disable"},
	} {
		r := new(recorder)
		m := commands{r.run, systemd}
		for _, err := range []error{m.WakeAt(t.Context(), at), m.Standby(t.Context()), m.LoadAtBoot(t.Context(), true), m.LoadAtBoot(t.Context(), false)} {
			if err != nil {
				t.Error(err)
			}
		}
		if !slices.Equal(r.lines, want) {
			t.Errorf("ran\n%q, want\n%q", r.lines, want)
		}
	}
}

// TestAWakeIsTakenBack when nobody wants it any more.
func TestAWakeIsTakenBack(t *testing.T) {
	r := new(recorder)
	if err := (commands{r.run, true}).WakeAt(t.Context(), time.Time{}); err != nil || !slices.Equal(r.lines, []string{"rtcwake -m disable"}) {
		t.Errorf("ran %q, %v", r.lines, err)
	}
}

func TestRunSaysWhatFailed(t *testing.T) {
	if err := Run(t.Context(), "true"); err != nil {
		t.Error(err)
	}
	if err := Run(t.Context(), "ls", "/none/at/all"); err == nil || !strings.Contains(err.Error(), "ls /none/at/all") {
		t.Errorf("got %v", err)
	}
}

func TestDailyIsTodayOrTomorrow(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		now, want string
		d         Daily
	}{
		{"2026-11-26 19:59:59", "2026-11-26 20:00:00", Daily{Hour: 20}},
		{"2026-11-26 20:00:00", "2026-11-27 20:00:00", Daily{Hour: 20}},
		{"2026-12-31 23:00:00", "2027-01-01 06:30:00", Daily{Hour: 6, Minute: 30}},
		{"2026-03-28 21:00:00", "2026-03-29 20:00:00", Daily{Hour: 20}}, // a day of 23 hours follows
	} {
		now, err := time.ParseInLocation(time.DateTime, c.now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.d.Next(now).Format(time.DateTime); got != c.want {
			t.Errorf("after %s comes %s, want %s", c.now, got, c.want)
		}
	}
	for _, d := range []Daily{{Hour: 24}, {Hour: -1}, {Minute: 60}, {Minute: -1}} {
		if d.Check() == nil {
			t.Errorf("%+v is a time", d)
		}
	}
}

// TestTheAlarmIsSetAnewEachDay lets three days pass.
func TestTheAlarmIsSetAnewEachDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := new(recorder)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		d := Daily{On: true, Hour: 20}
		first := d.Next(time.Now())
		go func() { defer close(done); d.Keep(ctx, commands{r.run, true}, slog.New(slog.DiscardHandler)) }()
		time.Sleep(72 * time.Hour)
		cancel()
		<-done
		var want []string
		for n := range 4 {
			want = append(want, fmt.Sprintf("rtcwake -m no -t %d", first.AddDate(0, 0, n).Unix()))
		}
		if !slices.Equal(r.lines, want) {
			t.Errorf("ran %q, want %q", r.lines, want)
		}
	})
}

func TestAnAlarmThatFailsIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := &recorder{fail: errors.New("no such clock")}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		Daily{On: true, Hour: 20}.Keep(ctx, commands{r.run, true}, slog.New(slog.NewTextHandler(&log, nil)))
		if n := strings.Count(log.String(), "no such clock"); n != 1 || len(r.lines) < 50 {
			t.Errorf("said %d times in %d tries", n, len(r.lines))
		}
		r.lines = nil
		Daily{}.Keep(ctx, commands{r.run, true}, slog.New(slog.DiscardHandler))
		if len(r.lines) > 0 {
			t.Errorf("what is off ran %q", r.lines)
		}
	})
}
