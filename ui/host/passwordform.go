package host

import (
	"strings"
	"unicode"
	"unicode/utf8"

	engine "impero/core/host"
	"impero/ui/shell/phrase"
)

// Field is a field of the password dialog.
type Field uint8

// The fields.
const (
	FieldNone Field = iota
	FieldPassword
	FieldAgain
)

// Check is what is wrong with what was typed in the password dialog.
type Check struct {
	First           Field // the first field that is not right; FieldNone if all is
	Password, Again phrase.Phrase
}

// CheckPasswords judges both fields.
func CheckPasswords(pw, again string) Check {
	var c Check
	if again != pw {
		c.First, c.Again = FieldAgain, phrase.New("The two are not the same.")
		if again == "" {
			c.Again = phrase.New("Type the password a second time.")
		}
	}
	if n := utf8.RuneCountInString(pw); n < engine.MinPassword || n > engine.MaxPassword {
		c.First, c.Password = FieldPassword, lengthTrouble(n)
	}
	return c
}

func lengthTrouble(n int) phrase.Phrase {
	args := phrase.Args{"Count": n, "Least": engine.MinPassword, "Most": engine.MaxPassword}
	switch {
	case n == 0:
		return phrase.With("Type a password of {{.Least}} to {{.Most}} characters.", args)
	case n < engine.MinPassword:
		return phrase.With("Too short: {{.Count}} of at least {{.Least}} characters", args)
	}
	return phrase.With("Too long: {{.Count}} characters, at most {{.Most}} are allowed", args)
}

// Grade is how hard a password is to guess.
type Grade uint8

// The grades.
const (
	GradeNone Grade = iota // nothing typed, or a length that is not allowed
	GradeWeak
	GradeFair
	GradeGood
	GradeStrong
)

// Strength is a grade with its word.
type Strength struct {
	Grade Grade
	Word  phrase.Phrase
}

// Bits of guessing from which on a password is fair, good and strong. The Host
// allows only few tries, and the stored verifier is slow to try.
const (
	fairBits   = 40
	goodBits   = 55
	strongBits = 80
)

// StrengthOf judges a password in words. It sees runs, repetitions and a few
// words that everybody tries first, and hostName; it knows no dictionary, so
// that it is a hint and no rule.
func StrengthOf(pw, hostName string) Strength {
	n := utf8.RuneCountInString(pw)
	switch {
	case n == 0:
		return Strength{}
	case n < engine.MinPassword || n > engine.MaxPassword:
		return Strength{Word: lengthTrouble(n)}
	}
	args := phrase.Args{"Count": n}
	switch bits := guessBits(pw, hostName); {
	case bits < fairBits:
		return Strength{GradeWeak, phrase.New("Weak: easy to guess")}
	case bits < goodBits:
		return Strength{GradeFair, phrase.With("Fair: {{.Count}} characters", args)}
	case bits < strongBits:
		return Strength{GradeGood, phrase.With("Good: {{.Count}} characters", args)}
	}
	return Strength{GradeStrong, phrase.With("Strong: {{.Count}} characters", args)}
}

// firstTries are what a guesser begins with; each counts as one character.
var firstTries = []string{"password", "passwort", "kennwort", "administrator", "admin", "welcome", "willkommen", "qwerty", "qwertz", "letmein", "impero", "secret", "geheim"}

// guessBits estimates the work of guessing: characters that say something new,
// times the bits of the kinds of characters used.
func guessBits(pw, hostName string) float64 {
	text := strings.ToLower(pw)
	if h := strings.ToLower(hostName); utf8.RuneCountInString(h) >= 3 {
		text = strings.ReplaceAll(text, h, "\x00")
	}
	for _, w := range firstTries {
		text = strings.ReplaceAll(text, w, "\x00")
	}
	fresh := freshRunes([]rune(text))
	return float64(fresh) * bitsEach(pw)
}

// freshRunes counts the characters that do not follow from those before: not the
// same or the next one as before, and not part of a repetition.
func freshRunes(r []rune) int {
	for period := 1; period <= len(r)/2; period++ {
		if repeats(r, period) {
			r = r[:period]
			break
		}
	}
	fresh := 0
	seen := map[rune]int{}
	for i, c := range r {
		seen[c]++
		if i > 0 && c-r[i-1] >= -1 && c-r[i-1] <= 1 {
			continue
		}
		if seen[c] <= 3 {
			fresh++
		}
	}
	return fresh
}

func repeats(r []rune, period int) bool {
	for i := period; i < len(r); i++ {
		if r[i] != r[i-period] {
			return false
		}
	}
	return true
}

// bitsEach is the logarithm of how many characters there are of the kinds used.
func bitsEach(pw string) float64 {
	var lower, upper, digit, other bool
	for _, c := range pw {
		switch {
		case unicode.IsUpper(c):
			upper = true
		case unicode.IsLetter(c):
			lower = true
		case unicode.IsDigit(c):
			digit = true
		default:
			other = true
		}
	}
	bits := 3.3 // ten digits
	if lower || upper {
		bits = 4.7
	}
	for _, more := range []bool{lower && upper, digit && (lower || upper), other} {
		if more {
			bits += 0.6
		}
	}
	return bits
}
