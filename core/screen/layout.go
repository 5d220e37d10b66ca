package screen

import (
	"impero/core/picture"
	"impero/core/wire"
)

// layoutMessage puts l on the wire: at most wire.MaxPictureMonitors monitors, cut to the desktop, names cut to what the
// wire takes. If none is left, the whole desktop is one.
func layoutMessage(number uint32, l picture.Layout) wire.LayoutMessage {
	m := wire.LayoutMessage{Layout: number, W: uint16(l.W), H: uint16(l.H)}
	for _, o := range l.Monitors {
		r := o.Rect.Intersect(picture.Rect{W: l.W, H: l.H})
		if r.Empty() || len(m.Monitors) == wire.MaxPictureMonitors {
			continue
		}
		m.Monitors = append(m.Monitors, wire.LayoutMonitor{X: uint16(r.X), Y: uint16(r.Y), W: uint16(r.W), H: uint16(r.H), Primary: o.Primary, Name: monitorName(o.Name)})
	}
	if len(m.Monitors) == 0 {
		m.Monitors = []wire.LayoutMonitor{{W: m.W, H: m.H, Primary: true}}
	}
	return m
}

// wholeLayout is the layout of a desktop of which nothing is known but its frame.
func wholeLayout(f *picture.Frame) picture.Layout {
	return picture.Layout{W: f.W, H: f.H, Monitors: []picture.Monitor{{Rect: f.Bounds(), Primary: true}}}
}

// monitorName drops what is not printable text and cuts to the wire's limit at a character.
func monitorName(s string) string {
	var out []byte
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\uFFFD' {
			continue
		}
		c := string(r)
		if len(out)+len(c) > wire.MaxPictureName {
			break
		}
		out = append(out, c...)
	}
	return string(out)
}

func pictureLayout(m wire.LayoutMessage) picture.Layout {
	l := picture.Layout{W: int(m.W), H: int(m.H)}
	for _, o := range m.Monitors {
		l.Monitors = append(l.Monitors, picture.Monitor{Name: o.Name, Primary: o.Primary, Rect: picture.Rect{X: int(o.X), Y: int(o.Y), W: int(o.W), H: int(o.H)}})
	}
	return l
}
