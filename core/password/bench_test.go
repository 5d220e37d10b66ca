package password

import "testing"

func BenchmarkHostBegin(b *testing.B) {
	v := verifier(b)
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		b.Fatal(err)
	}
	for name, user := range map[string]string{"known": "", "unknown": "bob"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := v.Begin(binding, user, ke1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkGuest(b *testing.B) {
	v := verifier(b)
	for name, password := range map[string]string{"right": right, "wrong": "another password"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, guest, _ := try(b, v, v.Server(), "", password); (guest == nil) != (password == right) {
					b.Fatal(guest)
				}
			}
		})
	}
}
