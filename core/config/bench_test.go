package config

import (
	"fmt"
	"strings"
	"testing"
)

// large is a configuration with 200 roles and 2,000 users.
func large() []byte {
	var roles, users strings.Builder
	for i := range 200 {
		fmt.Fprintf(&roles, "          <Role Name=\"Role %d\" ConnectView=\"Allow\" UseKeyboardMouse=\"Allow\" SendFiles=\"Deny\"/>\n", i)
	}
	for i := range 2000 {
		fmt.Fprintf(&users, "          <User Name=\"user%d\" Role=\"Role %d\"/>\n", i, i%200)
	}
	text := strings.Replace(string(initial), "        </Roles>", roles.String()+"        </Roles>", 1)
	return []byte(strings.Replace(text, "      </GuestUsers>",
		"        <SystemAuthentication>\n"+users.String()+"        </SystemAuthentication>\n      </GuestUsers>", 1))
}

func BenchmarkOpen(b *testing.B) {
	text := large()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		if v, err := d.Values(); err != nil || len(v.GuestUsers.SystemAuthentication.User) != 2000 {
			b.Fatal(err)
		}
	}
}

func BenchmarkClone(b *testing.B) {
	d := must[*Document](b)(Parse(large()))
	b.ReportAllocs()
	for b.Loop() {
		d.Clone()
	}
}

func BenchmarkDiff(b *testing.B) {
	was := must[*Document](b)(Parse(large()))
	now := was.Clone()
	set(b, now, firstTCP, "ReceivePort", "7000")
	b.ReportAllocs()
	for b.Loop() {
		if len(Diff(was, now)) != 1 {
			b.Fatal("not one change")
		}
	}
}

func BenchmarkGet(b *testing.B) {
	d := must[*Document](b)(Parse(large()))
	p := (placeUsers + "/SystemAuthentication").Instance("User", "user1999")
	for b.Loop() {
		if _, err := d.Get(p, "Role"); err != nil {
			b.Fatal(err)
		}
	}
}
