// Package phrase carries texts for people from a presenter to a view, not yet
// translated: the English text, which is also the key in assets/lang, and what
// belongs into its places. It knows no window and no language; a view says a
// phrase with ui/shell's Say. Values are immutable and safe to share; the zero
// Phrase says nothing.
package phrase

import (
	"fmt"
	"strings"
)

// Args are the values for the places of a phrase: {{.Host}} takes Args["Host"].
// A value that is itself a Phrase is said first.
type Args map[string]any

// Phrase is one text for a person.
type Phrase struct {
	// Key is the English text with {{.Name}} for each place.
	Key  string
	Args Args
	// Plural tells that the text has a form for one and another for many; Count
	// chooses, and stands in the text as {{.Count}}.
	Plural bool
	Count  int
	// Verbatim tells that Key is no key but the text itself: a name, an address,
	// the words of a Host.
	Verbatim bool
}

// New makes a phrase without places. The key must be a literal: a test looks
// for it in every language file.
func New(key string) Phrase { return Phrase{Key: key} }

// With makes a phrase with places.
func With(key string, args Args) Phrase { return Phrase{Key: key, Args: args} }

// Count makes a phrase in the singular or plural form that n asks for.
func Count(key string, n int, args Args) Phrase {
	all := Args{"Count": n}
	for k, v := range args {
		all[k] = v
	}
	return Phrase{Key: key, Args: all, Plural: true, Count: n}
}

// Plain makes a phrase of a text that is not translated.
func Plain(text string) Phrase { return Phrase{Key: text, Verbatim: true} }

// Empty tells whether the phrase says nothing.
func (p Phrase) Empty() bool { return p.Key == "" }

// String is the phrase in English, for logs and tests. Plurals stay in the form
// for many.
func (p Phrase) String() string {
	text := p.Key
	if p.Verbatim {
		return text
	}
	for name, value := range p.Args {
		text = strings.ReplaceAll(text, "{{."+name+"}}", fmt.Sprint(value))
	}
	return text
}
