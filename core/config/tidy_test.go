package config

import (
	"strings"
	"testing"
)

// TestSavingAgainAndAgainKeepsTheFileTidy: what is made and deleted, and set and set back, leaves the file as it was.
func TestSavingAgainAndAgainKeepsTheFileTidy(t *testing.T) {
	text := string(New().Text())
	for name, from := range map[string]string{
		"ours":       text,
		"commented":  strings.Replace(text, "</Communication>", "  <!-- the office -->\n        </Communication>", 1),
		"spaced":     strings.ReplaceAll(text, "        </Communication>", "\n\n\n        </Communication>\n"),
		"one line":   strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", " ")), " "),
		"CRLF":       strings.ReplaceAll(text, "\n", "\r\n"),
		"no newline": strings.TrimSpace(text),
	} {
		t.Run(name, func(t *testing.T) {
			d := must[*Document](t)(Parse([]byte(from)))
			was := ""
			for round := range 5 {
				p := must[Path](t)(d.Make(placeCommunication, "TCP"))
				q := must[Path](t)(d.Copy(placeCommunication + "/TCP[TCP 1]"))
				list := must[Path](t)(d.Make(placeCommunication+"/UDP[UDP 1]", "BroadcastList"))
				set(t, d, placeHost+"/General", "InTray", "Enabled")
				set(t, d, placeHost+"/Security/Sessions", "Maximum", "3")
				d = must[*Document](t)(Parse(d.Text()))
				for _, x := range []Path{p, q, list} {
					if err := d.Delete(x); err != nil {
						t.Fatal(err)
					}
				}
				set(t, d, placeHost+"/General", "InTray", "Disabled")
				set(t, d, placeHost+"/Security/Sessions", "Maximum", "8")
				d = must[*Document](t)(Parse(d.Text()))
				if now := string(d.Text()); round > 0 && now != was {
					t.Fatalf("round %d:\n%s\nbefore:\n%s", round, now, was)
				}
				was = string(d.Text())
			}
			for _, stays := range []string{"<General", "<Sessions", "BroadcastList", "\n\n\n\n"} {
				if strings.Contains(was, stays) {
					t.Errorf("%q stays in\n%s", stays, was)
				}
			}
			if name == "ours" && was != from {
				t.Errorf("it is now\n%s", was)
			}
		})
	}
}
