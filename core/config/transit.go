package config

import (
	"fmt"
	"strings"
)

// secrets visits every Secret that is set.
func (d *Document) secrets(visit func(n node, a *Attribute, value string)) {
	d.root().all(func(n node) {
		for _, a := range n.kind.Attributes {
			if a.Kind != Secret || n.xml == nil {
				continue
			}
			if value := n.xml.SelectAttrValue(a.XML, ""); value != "" {
				visit(n, a, value)
			}
		}
	})
}

// Redacted gives a copy for an editor: in the place of each secret stands only where it was, so that the Host finds
// it again ([Document.Restore]) after elements were renamed.
func (d *Document) Redacted() *Document {
	c := d.Clone()
	c.secrets(func(n node, a *Attribute, _ string) { n.xml.CreateAttr(a.XML, keptPrefix+string(n.path)) })
	return c
}

// Restore puts the secrets of from, the document that was redacted, back into d. A sealed one goes only to where it
// went before: whoever may change an address must not learn the password by it. The error is a *[Fault].
func (d *Document) Restore(from *Document) error {
	var wrong error
	d.secrets(func(n node, a *Attribute, value string) {
		place, kept := strings.CutPrefix(value, keptPrefix)
		if !kept || wrong != nil {
			return
		}
		secret, ok := from.secretFor(n, a, Path(place))
		if !ok {
			wrong = &Fault{Path: n.path, Attribute: a.XML, Message: say("The password was set for another place. Type it anew.")}
			return
		}
		n.xml.CreateAttr(a.XML, secret)
	})
	return wrong
}

// secretFor gives the secret at a place of d, if it may stand at n of another document.
func (d *Document) secretFor(n node, a *Attribute, place Path) (string, bool) {
	old, err := d.find(place)
	if err != nil || old.kind != n.kind || old.xml == nil {
		return "", false
	}
	for _, other := range n.kind.Attributes {
		toward := other.Kind == Address || other.Kind == URL
		if a.Form == Sealed && toward && old.get(other) != n.get(other) {
			return "", false
		}
	}
	return old.get(a), true
}

// Protect replaces each password that was [Typed] by what protect makes of it: a verifier's or a sealed text, without
// the prefix that Protect adds. Maintenance passwords are hashed without asking protect.
func (d *Document) Protect(protect func(form SecretForm, password string) (string, error)) error {
	var wrong error
	d.secrets(func(n node, a *Attribute, value string) {
		password, typed := strings.CutPrefix(value, typedPrefix)
		if !typed || wrong != nil || a.Form == Proof {
			return
		}
		text, err := "", error(nil)
		if a.Form == Hash {
			text, err = HashPassword(password)
		} else if text, err = protect(a.Form, password); err == nil {
			text = a.Form.prefix() + text
		}
		if err != nil {
			wrong = fmt.Errorf("protect %s: %w", a.Name, err)
			return
		}
		n.xml.CreateAttr(a.XML, text)
	})
	return wrong
}

// TakeProof gives the old maintenance password that was typed to change the configuration, and takes it out.
func (d *Document) TakeProof() string {
	proof := ""
	d.secrets(func(n node, a *Attribute, value string) {
		if a.Form == Proof {
			proof, _ = strings.CutPrefix(value, typedPrefix)
			n.xml.RemoveAttr(a.XML)
		}
	})
	return proof
}

// Export is the text of the document without any secret, to be kept by a person or imported at another Host.
func (d *Document) Export() []byte {
	c := d.Clone()
	c.root().all(forgetSecrets)
	return c.Text()
}

// Import reads an exported text. Where it has no secret, that of d at the same place stays, under the rule of
// [Document.Restore]. The error is that of [Parse].
func (d *Document) Import(text []byte) (*Document, error) {
	next, err := Parse(text)
	if err != nil {
		return nil, err
	}
	d.secrets(func(n node, a *Attribute, _ string) {
		to, err := next.find(n.path)
		if err != nil || to.get(a) != "" {
			return
		}
		if secret, ok := d.secretFor(to, a, n.path); ok {
			next.element(n.path).CreateAttr(a.XML, secret)
		}
	})
	return next, nil
}
