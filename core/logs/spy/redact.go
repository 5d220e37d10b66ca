package spy

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
)

// redacted stands where a secret was.
const redacted = "(left out)"

// secretName is what a setting is called that may be one.
var secretName = regexp.MustCompile(`(?i)pass|secret|key|token|verifier|private|credential|pin$|salt|seed|hash`)

// secretText is what keys and tokens look like, whatever they are called.
var secretText = regexp.MustCompile(`^[A-Za-z0-9+/=_.:-]{40,}$`)

// redactJSON gives a document without what may be a secret in it: values by their name, and texts that look like a key.
func redactJSON(text []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	return json.MarshalIndent(withoutSecrets(v), "", "\t")
}

func withoutSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if secretName.MatchString(name) {
				v[name] = redacted
			} else {
				v[name] = withoutSecrets(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutSecrets(v[i])
		}
	case string:
		if secretText.MatchString(v) {
			return redacted
		}
	}
	return v
}

// redactXML does the same with attributes and elements. What stands in an element with such a name, or whose attribute name has one,
// is left out.
func redactXML(text []byte) ([]byte, error) {
	var out bytes.Buffer
	decoder, encoder := xml.NewDecoder(bytes.NewReader(text)), xml.NewEncoder(&out)
	secret := 0 // depth in an element that is left out
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			err = encoder.Flush()
			return out.Bytes(), err
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			named := isSecret(t)
			for i, a := range t.Attr {
				if named && !strings.EqualFold(a.Name.Local, "name") || secret > 0 || secretName.MatchString(a.Name.Local) || secretText.MatchString(a.Value) {
					t.Attr[i].Value = redacted
				}
			}
			if secret > 0 || named {
				secret++
			}
			token = t
		case xml.EndElement:
			secret = max(0, secret-1)
		case xml.CharData:
			if trimmed := bytes.TrimSpace(t); len(trimmed) > 0 && (secret > 0 || secretText.Match(trimmed)) {
				token = xml.CharData(redacted)
			}
		case xml.Comment, xml.Directive:
			continue
		case xml.ProcInst:
			if t.Target != "xml" {
				continue
			}
		}
		if err := encoder.EncodeToken(xml.CopyToken(token)); err != nil {
			return nil, err
		}
	}
}

func isSecret(e xml.StartElement) bool {
	if secretName.MatchString(e.Name.Local) {
		return true
	}
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, "name") && secretName.MatchString(a.Value) {
			return true
		}
	}
	return false
}
