package host

import (
	"strings"
	"testing"
)

func TestCheckPasswords(t *testing.T) {
	long := strings.Repeat("ab1-", 17)
	for _, tc := range []struct {
		name            string
		pw, again       string
		first           Field
		password, twice string
	}{
		{"nothing", "", "", FieldPassword, "Type a password of 12 to 64 characters.", ""},
		{"short", "short", "short", FieldPassword, "Too short: 5 of at least 12 characters", ""},
		{"eleven", "elevenchars", "elevenchars", FieldPassword, "Too short: 11 of at least 12 characters", ""},
		{"twelve", "twelve chars", "twelve chars", FieldNone, "", ""},
		{"twelve of two bytes", strings.Repeat("é", 12), strings.Repeat("é", 12), FieldNone, "", ""},
		{"64", long[:64], long[:64], FieldNone, "", ""},
		{"65", long[:65], long[:65], FieldPassword, "Too long: 65 characters, at most 64 are allowed", ""},
		{"not repeated", "twelve chars", "", FieldAgain, "", "Type the password a second time."},
		{"differs", "twelve chars", "twelve char", FieldAgain, "", "The two are not the same."},
		{"both wrong", "short", "shorT", FieldPassword, "Too short: 5 of at least 12 characters", "The two are not the same."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := CheckPasswords(tc.pw, tc.again)
			if c.First != tc.first || c.Password.String() != tc.password || c.Again.String() != tc.twice {
				t.Errorf("got %d, %q, %q", c.First, c.Password, c.Again)
			}
		})
	}
}

func TestStrengthInWords(t *testing.T) {
	for _, tc := range []struct {
		pw    string
		grade Grade
		word  string
	}{
		{"", GradeNone, ""},
		{"kurz", GradeNone, "Too short: 4 of at least 12 characters"},
		{"aaaaaaaaaaaaaaaa", GradeWeak, "Weak: easy to guess"},
		{"123456789012", GradeWeak, "Weak: easy to guess"},
		{"passwordpassword", GradeWeak, "Weak: easy to guess"},
		{"Password1234", GradeWeak, "Weak: easy to guess"},
		{"till-042till-042", GradeWeak, "Weak: easy to guess"},
		{"abcabcabcabcabc", GradeWeak, "Weak: easy to guess"},
		{"mxkwpzrtgvlj", GradeGood, "Good: 12 characters"},
		{"correct horse battery staple", GradeStrong, "Strong: 28 characters"},
		{"tK9#vQ2!pL7$zX", GradeStrong, "Strong: 14 characters"},
	} {
		s := StrengthOf(tc.pw, "till-042")
		if s.Grade != tc.grade || s.Word.String() != tc.word {
			t.Errorf("%q is %d, %q; want %d, %q", tc.pw, s.Grade, s.Word, tc.grade, tc.word)
		}
	}
}

func FuzzStrengthOf(f *testing.F) {
	f.Add("correct horse battery staple", "till-042")
	f.Add("\xff\x00", "")
	f.Fuzz(func(t *testing.T, pw, name string) {
		if s := StrengthOf(pw, name); s.Grade > GradeStrong || (pw != "" && s.Word.Empty()) {
			t.Errorf("%q is %+v", pw, s)
		}
	})
}
