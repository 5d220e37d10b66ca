package config

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/beevik/etree" // keeps comments, order and what is not known, which encoding/xml does not

	"impero/core/store"
)

// Limits of a file, checked while it is read. A tree of MaxFile bytes takes at most about ten times as much memory.
const (
	MaxFile       = 8 << 20 // bytes
	maxDepth      = 32
	maxTokens     = 200000 // elements, comments and texts
	maxAttributes = 64     // of one element
)

// Version is the form of host.xml that this release writes.
const Version = 1

// SyntaxError says that a file is no XML that may be used, and in which line.
type SyntaxError struct {
	Line   int
	Reason string // for people, in English
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// span is where the start tag of an element stands in the source.
type span struct{ from, to int }

// source is the text a document was read from, for the lines of its faults.
type source struct {
	text  []byte
	spans map[*etree.Element]span
}

// line gives the line of an attribute of e, or that of e itself; 0 if it stands in no file.
func (s *source) line(e *etree.Element, attribute string) int {
	if s == nil || e == nil {
		return 0
	}
	at, ok := s.spans[e]
	if !ok {
		return 0
	}
	offset := at.from
	if attribute != "" {
		inside := regexp.MustCompile(`\s` + regexp.QuoteMeta(attribute) + `\s*=`).FindIndex(s.text[at.from:at.to])
		if inside != nil {
			offset += inside[0] + 1
		}
	}
	return s.lineAt(offset)
}

func (s *source) lineAt(offset int) int { return 1 + bytes.Count(s.text[:offset], []byte("\n")) }

// reader builds a tree from a text. One pass of encoding/xml serves the limits, the lines and the tree.
type reader struct {
	decoder *xml.Decoder
	source  *source
	tree    *etree.Document
	at      *etree.Element // the element that is open, the tree's own at the top
	depth   int
	tokens  int
}

// readTree reads hostile text. The error is a *SyntaxError.
func readTree(text []byte) (*etree.Document, *source, error) {
	r := &reader{
		decoder: xml.NewDecoder(bytes.NewReader(text)),
		source:  &source{text: text, spans: map[*etree.Element]span{}},
		tree:    etree.NewDocument(),
	}
	r.at = &r.tree.Element
	// What Go's decoder would read otherwise than it was meant is written as a reference.
	r.tree.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	if len(text) > MaxFile {
		return nil, nil, &SyntaxError{Line: 1, Reason: fmt.Sprintf("the file has more than %d bytes", MaxFile)}
	}
	if err := r.readAll(); err != nil {
		return nil, nil, err
	}
	return r.tree, r.source, nil
}

func (r *reader) readAll() error {
	for {
		from := int(r.decoder.InputOffset())
		token, err := r.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return r.end()
		}
		if err != nil {
			return r.syntax(err)
		}
		if r.tokens++; r.tokens > maxTokens {
			return r.fail("it holds more than %d elements, comments and texts", maxTokens)
		}
		if err := r.add(token, from); err != nil {
			return err
		}
	}
}

func (r *reader) add(token xml.Token, from int) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.open(t, from)
	case xml.EndElement:
		return r.close(t)
	case xml.CharData:
		if r.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
			return r.fail("there is text outside the root element")
		}
		r.at.CreateText(string(t))
	case xml.Comment:
		r.at.CreateComment(string(t))
	case xml.ProcInst:
		r.at.CreateProcInst(t.Target, string(t.Inst))
	case xml.Directive:
		return r.fail("a document type or another directive is not allowed")
	}
	return nil
}

func (r *reader) open(t xml.StartElement, from int) error {
	switch {
	case r.depth == maxDepth:
		return r.fail("elements stand more than %d deep in one another", maxDepth)
	case r.depth == 0 && r.tree.Root() != nil:
		return r.fail("there is a second root element")
	case len(t.Attr) > maxAttributes:
		return r.fail("an element has more than %d attributes", maxAttributes)
	}
	e := r.at.CreateElement(full(t.Name))
	for _, a := range t.Attr {
		if e.SelectAttr(full(a.Name)) != nil {
			return r.fail("%s stands twice in one element", shown(full(a.Name)))
		}
		e.CreateAttr(full(a.Name), a.Value)
	}
	r.source.spans[e] = span{from: from, to: int(r.decoder.InputOffset())}
	r.at, r.depth = e, r.depth+1
	return nil
}

func (r *reader) close(t xml.EndElement) error {
	if r.depth == 0 || r.at.FullTag() != full(t.Name) {
		return r.fail("</%s> closes nothing that is open", shown(full(t.Name)))
	}
	r.at, r.depth = r.at.Parent(), r.depth-1
	return nil
}

func (r *reader) end() error {
	if r.depth > 0 {
		return r.fail("the file ends before <%s> is closed", shown(r.at.FullTag()))
	}
	if r.tree.Root() == nil {
		return r.fail("the file holds no element")
	}
	return nil
}

func (r *reader) fail(format string, args ...any) error {
	line, _ := r.decoder.InputPos()
	return &SyntaxError{Line: line, Reason: fmt.Sprintf(format, args...)}
}

func (r *reader) syntax(err error) error {
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return &SyntaxError{Line: s.Line, Reason: s.Msg}
	}
	return r.fail("%s", shown(err.Error()))
}

func full(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// version reads the version of a tree. The error is a *SyntaxError, or a *store.NewerError.
func version(tree *etree.Document, s *source, newest int) (int, error) {
	root := tree.Root()
	if root.FullTag() != string(Root) {
		return 0, &SyntaxError{Line: s.line(root, ""), Reason: fmt.Sprintf("the root element is <%s>, not <%s>", shown(root.FullTag()), Root)}
	}
	n := 0
	text := root.SelectAttrValue("version", "")
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil || n < 1 || fmt.Sprint(n) != text {
		return 0, &SyntaxError{Line: s.line(root, "version"), Reason: "it names no version; the root element needs version=\"1\""}
	}
	if n > newest {
		return 0, &store.NewerError{File: FileName, Version: n, Newest: newest}
	}
	return n, nil
}
