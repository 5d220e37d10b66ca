package config

import "testing"

// FuzzDocument reads any text: what is accepted is written and read again to the same, and nothing that can be done
// with it panics.
func FuzzDocument(f *testing.F) {
	for _, name := range []string{"kept.xml", "faults.xml"} {
		f.Add(read(f, name))
	}
	f.Add(initial)
	f.Add([]byte("<ImperoHost version=\"1\" a:b='&#13;&#10;&#9;'>a&#13;<![CDATA[<]]>&gt;]]&gt;<?p i?></ImperoHost>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse(text)
		if err != nil {
			return
		}
		first := d.Text()
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%q", err, first)
		}
		if string(again.Text()) != string(first) {
			t.Fatalf("written twice, different:\n%q\n%q", first, again.Text())
		}
		if c := Diff(d, again); c != nil {
			t.Fatalf("read again, different: %+v", c)
		}
		use(t, d)
	})
}

// use does what an editor and the Host do.
func use(t *testing.T, d *Document) {
	faults := d.Validate()
	d.Unknown()
	if v, err := d.Values(); (err == nil) != (len(faults) == 0) || (v == nil) == (err == nil) {
		t.Fatalf("values of %d faults: %v", len(faults), err)
	}
	d.root().all(func(n node) {
		if _, err := d.Element(n.path); err != nil {
			t.Fatalf("%s: %v", n.path, err)
		}
	})
	c := d.Redacted()
	if c.Restore(d) == nil && len(faults) == 0 && Diff(d, c) != nil {
		t.Fatal("redacted and restored, different")
	}
	if _, err := d.Import(d.Export()); err != nil {
		t.Fatalf("the export cannot be imported: %v", err)
	}
	for _, p := range d.Children(placeCommunication) {
		d.Copy(p)
		d.Rename(p, "renamed")
	}
	if _, err := Parse(d.Text()); err != nil {
		t.Fatalf("edited, cannot be read: %v", err)
	}
}
