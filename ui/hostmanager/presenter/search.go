package presenter

import (
	"slices"
	"strings"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// MaxHits is how many places a search tells.
const MaxHits = 200

// Hit is one place that a search found.
type Hit struct {
	Path      config.Path
	Attribute string // XML name; "" if it is the element
	Where     phrase.Phrase
	Name      phrase.Phrase // of the attribute; empty if it is the element
	Value     phrase.Phrase
	Waits     phrase.Phrase // why it has no effect yet; empty if it has
}

// Ranks of hits: the best come first.
const (
	ranksWhole = iota // the name is what was looked for
	ranksName         // all of it stands in the name
	ranksRest
	ranks
)

// Find gives the elements and attributes whose name, help or value holds every word of text: those of that name first, then
// those with all of it in their name, each in the order of the tree; more says that there are more than MaxHits.
func (m *Manager) Find(text string) (hits []Hit, more bool) {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 || m.doc == nil {
		return nil, false
	}
	s := search{m: m, words: words}
	m.doc.Each(s.element)
	hits = slices.Concat(s.hits[:]...)
	return hits[:min(len(hits), MaxHits)], s.more || len(hits) > MaxHits
}

type search struct {
	m     *Manager
	words []string
	hits  [ranks][]Hit // of each rank, MaxHits at most
	more  bool
}

// element looks into one element; it returns whether the search goes on.
func (s *search) element(p config.Path, kind *config.Element, value func(*config.Attribute) string) bool {
	if name := s.m.lower(nodeName(p, kind)); s.found(name, s.m.lower(key(kind.Help))) {
		s.add(s.rank(name), Hit{Path: p, Where: s.m.where(p), Value: key(kind.Help)})
	}
	for _, a := range kind.Attributes {
		if a.XML == kind.Label {
			continue // it is the element's name
		}
		shown := none
		if a.Kind != config.Secret {
			shown = valueWords(a, value(a))
		}
		waits := key(a.Waits)
		name := s.m.lower(key(a.Name))
		if s.found(name, s.m.lower(key(a.Help)), s.m.lower(shown), s.m.lower(waits)) {
			s.add(s.rank(name), Hit{Path: p, Attribute: a.XML, Where: s.m.where(p), Name: key(a.Name), Value: shown, Waits: waits})
		}
	}
	return len(s.hits[ranksWhole]) < MaxHits // others come after those
}

// rank is that of a hit with a name.
func (s *search) rank(name string) int {
	switch {
	case name == strings.Join(s.words, " "):
		return ranksWhole
	case s.found(name):
		return ranksName
	}
	return ranksRest
}

func (s *search) add(rank int, h Hit) {
	if len(s.hits[rank]) == MaxHits {
		s.more = true
		return
	}
	s.hits[rank] = append(s.hits[rank], h)
}

// found says whether every word stands in one of the texts.
func (s *search) found(texts ...string) bool {
	for _, w := range s.words {
		in := false
		for _, t := range texts {
			in = in || strings.Contains(t, w)
		}
		if !in {
			return false
		}
	}
	return true
}

// lower is a phrase in the person's language, in lower case; those of the table are kept.
func (m *Manager) lower(p phrase.Phrase) string {
	if p.Verbatim || len(p.Args) > 0 {
		return strings.ToLower(m.o.Say(p))
	}
	text, ok := m.words[p.Key]
	if !ok {
		text = strings.ToLower(m.o.Say(p))
		m.words[p.Key] = text
	}
	return text
}
