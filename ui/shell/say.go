package shell

import (
	"fyne.io/fyne/v2/lang"

	"impero/ui/shell/phrase"
)

// Say puts a phrase into the person's language. The zero Phrase gives "".
func Say(p phrase.Phrase) string {
	switch {
	case p.Key == "" || p.Verbatim:
		return p.Key
	case p.Plural:
		return lang.N(p.Key, p.Count, said(p.Args))
	case len(p.Args) == 0:
		return lang.L(p.Key)
	}
	return lang.L(p.Key, said(p.Args))
}

// said puts phrases among the arguments into words.
func said(args phrase.Args) map[string]any {
	words := make(map[string]any, len(args))
	for k, v := range args {
		if p, ok := v.(phrase.Phrase); ok {
			v = Say(p)
		}
		words[k] = v
	}
	return words
}
