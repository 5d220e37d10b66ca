package config

import (
	"strings"
	"testing"
)

// TestPrefixesHideNothing: what stands behind a prefix is read, so it is checked too, and nothing ends in a panic.
func TestPrefixesHideNothing(t *testing.T) {
	text := string(New().Text())
	for _, c := range [][2]string{
		{`<HostComputer>`, `<HostComputer><DebugLog><File x:MaximumSize="abc"/></DebugLog>`},
		{`<Role Name="View only"`, `<Role Name="View only" x:ConfirmAccess="Nonsense"`},
		{`<Role Name="View only"`, `<Role Name="View only" x:UseKeyboardMouse="Nonsense"`},
		{`<TCP Name="TCP 1"`, `<TCP Name="TCP 1" x:ReceivePort="99999999"`},
		{`<HostComputer>`, `<HostComputer><x:Security><Sessions Maximum="abc"/></x:Security>`},
	} {
		if !strings.Contains(text, c[0]) {
			t.Fatalf("no %s in %s", c[0], text)
		}
		d, err := Parse([]byte(strings.Replace(text, c[0], c[1], 1)))
		if err != nil {
			continue // refused at once
		}
		if len(d.Validate()) == 0 {
			t.Errorf("%s has no fault", c[1])
		}
		if _, err := d.Values(); err == nil {
			t.Errorf("%s gives values", c[1])
		}
	}
}
