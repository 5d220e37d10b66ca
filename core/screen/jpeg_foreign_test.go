package screen

import (
	"errors"
	"testing"

	"impero/core/picture"
)

func TestForeignJPEGIsDecodedOrRefused(t *testing.T) {
	s := newScene(1, 300, 100, picture.BGRX)
	s.gradient()
	r := picture.Rect{X: 3, Y: 5, W: 200, H: 64}
	data, err := (&goJPEG{}).encode(nil, s.f, r, 92)
	if err != nil {
		t.Fatal(err)
	}
	j, out := NewJPEG(), picture.NewFrame(300, 100, picture.BGRX)
	if err := j.Decode(out, r, data); err != nil {
		t.Fatal(err)
	}
	if e := meanError(s.f, out, r); e > 3 {
		t.Errorf("mean error %.1f of 255", e)
	}
	checkOutside(t, out, r)
	for name, refused := range map[string]struct {
		r    picture.Rect
		data []byte
	}{
		"another size": {picture.Rect{X: 3, Y: 5, W: 199, H: 64}, data},
		"outside":      {picture.Rect{X: 150, Y: 5, W: 200, H: 64}, data},
		"nothing":      {r, nil},
		"cut":          {r, data[:len(data)/2]},
		"empty":        {picture.Rect{}, data},
	} {
		if err := j.Decode(out, refused.r, refused.data); !errors.Is(err, errJPEG) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
