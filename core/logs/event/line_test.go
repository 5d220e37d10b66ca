package event

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

var someTime = time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)

func TestLineForm(t *testing.T) {
	e := Event{Sequence: 7, Time: someTime, Code: LogonWrong, Host: "till", Session: 4, Who: "Jörg\t\n\x1b[2J", Way: "TCP 1", What: "a \"b\" \\ \xff"}
	line, d := link(digest{1}, appendEvent(nil, &e))
	want := "7\t2026-01-02T03:04:05.000006Z\tLOGN-\tdenied\ttill\t4\tJ\\u00f6rg\\t\\n\\x1b[2J\tTCP 1\ta \\\"b\\\" \\\\ \\xff\t" + d.String() + "\n"
	if string(line) != want {
		t.Errorf("the line is\n%q, want\n%q", line, want)
	}
	got, ok := Parse(line[:len(line)-1])
	e.Outcome = Denied
	if !ok || got != e {
		t.Errorf("%+v, %v", got, ok)
	}
}

// TestLongestLineIsRead: also of texts that are longest when they are escaped.
func TestLongestLineIsRead(t *testing.T) {
	for _, text := range []string{"\x01", "\xff", "ä", "😀", "€", "\"", "x"} {
		long := strings.Repeat(text, 5000)
		e := Event{Sequence: 1<<64 - 1, Time: someTime, Code: HostBegun, Host: long, Session: 1<<32 - 1, Who: long, Way: long, What: long}
		line, _ := link(digest{}, appendEvent(nil, &e))
		if len(line) > maxLine {
			t.Errorf("%q makes a line of %d bytes", text, len(line))
		}
		if got, ok := Parse(line[:len(line)-1]); !ok || len(got.What) > maxWhat || !strings.HasSuffix(got.What, "…") {
			t.Errorf("%q: %v, %d bytes", text, ok, len(got.What))
		}
	}
}

func TestOtherFormsAreRefused(t *testing.T) {
	good := []string{"7", "2026-01-02T03:04:05.000006Z", "LOGN-", "denied", "till", "4", "ann", "TCP 1", "x"}
	if _, err := parseEvent([]byte(strings.Join(good, "\t"))); err != nil {
		t.Fatal(err)
	}
	for at, words := range [][]string{
		{"", "07", "+7", "-1", "18446744073709551616"}, {"", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000006+00:00", "2026-13-02T03:04:05.000006Z"},
		{"", "logn-", "LOGN"}, {"", "Denied", "ok"}, {`"`, `\`, "ä", `\u0041`, `\x41`, `\z`, strings.Repeat("x", 70)}, {"", "4294967296", "00"},
		{`a"`}, {strings.Repeat("x", 200)}, {"x\ty", "\x00"},
	} {
		for _, word := range words {
			line := append([]string(nil), good...)
			line[at] = word
			if e, err := parseEvent([]byte(strings.Join(line, "\t"))); err == nil {
				t.Errorf("field %d as %q is %+v", at, word, e)
			}
		}
	}
}

// FuzzParse: what is taken is what would be written, and whatever is written is taken.
func FuzzParse(f *testing.F) {
	e := Event{Sequence: 7, Time: someTime, Code: LogonWrong, Host: "till", Who: "a\tb", Way: "TCP 1", What: "\xff"}
	line, _ := link(digest{}, appendEvent(nil, &e))
	f.Add(line[:len(line)-1], "who", "what")
	f.Fuzz(func(t *testing.T, line []byte, who, what string) {
		if e, ok := Parse(line); ok {
			text, _, err := split(line)
			if again := appendEvent(nil, &e); err != nil || !bytes.Equal(again, text) {
				t.Errorf("%q is written as %q", text, again)
			}
		}
		e := Event{Sequence: 1, Time: someTime, Code: HostBegun, Outcome: Done, Who: who, What: what}
		line, _ = link(digest{}, appendEvent(nil, &e))
		e.Who, e.What = cut(who, maxWho), cut(what, maxWhat)
		if got, ok := Parse(line[:len(line)-1]); !ok || got != e {
			t.Errorf("%+v is read as %+v, %v", e, got, ok)
		}
	})
}

// FuzzVerify: hostile files end in an error or in a report of lines that were read.
func FuzzVerify(f *testing.F) {
	file, d := link(digest{}, appendHeader(nil, header{part: 1, begun: someTime, host: "till"}))
	line, _ := link(d, appendEvent(nil, &Event{Sequence: 1, Time: someTime, Code: HostBegun}))
	f.Add(append(file, line...))
	f.Add([]byte(magic + "\t1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		report, err := Verify(bytes.NewReader(file))
		if report.Size > int64(len(file)) || err == nil && report.Size != int64(len(file)) {
			t.Errorf("%d bytes of %d, %v", report.Size, len(file), err)
		}
		if h, err := parseHead(file); err == nil && !bytes.Equal(h.text(), file) {
			t.Errorf("another head: %q", file)
		}
	})
}
