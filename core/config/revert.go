package config

import "fmt"

// Revert takes one change back that [Diff] told of was and d: a value, a name, or an instance that was deleted with all
// that was in it, secrets too. from is where the changed element stands in was. An instance that was made is
// taken out by [Document.Delete].
func (d *Document) Revert(c Change, was *Document, from Path) error {
	switch c.Kind {
	case Renamed:
		_, err := d.Rename(c.Path, c.Old)
		return err
	case Deleted:
		return d.bringBack(c.Path, was)
	case Changed:
		old, a, err := was.row(from, c.Attribute.XML)
		if err != nil {
			return err
		}
		n, err := d.find(c.Path)
		if err != nil {
			return err
		}
		d.put(n, a, old.get(a))
		return nil
	}
	return fmt.Errorf("%s: %w", c.Path, ErrNoElement)
}

// bringBack puts an instance of was back.
func (d *Document) bringBack(p Path, was *Document) error {
	old, err := was.find(p)
	if err != nil {
		return err
	}
	if _, err := d.find(p); err == nil {
		return &TakenError{old.label()}
	}
	if _, _, err := d.maker(p.Parent(), old.kind.XML); err != nil {
		return err
	}
	insert(d.element(p.Parent()), old.xml.Copy())
	return nil
}
