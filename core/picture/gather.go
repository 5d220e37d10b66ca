package picture

// maxPairing bounds how many rectangles Gather compares with one another; more become their bounding box.
const maxPairing = 32

// Gather joins rects, which it may overwrite, into at most most rectangles that cover them all: the pair whose union adds
// the fewest pixels joins first. If that leaves at least half of the bounding box to be covered, the box is the answer:
// one large rectangle is cheaper to fetch than many. Empty rectangles count for nothing.
func Gather(rects []Rect, most int) []Rect {
	out := rects[:0]
	var box Rect
	for _, r := range rects {
		if !r.Empty() {
			out = append(out, r)
			box = box.Union(r)
		}
	}
	if len(out) <= 1 {
		return out
	}
	if len(out) > maxPairing {
		return append(out[:0], box)
	}
	for len(out) > most {
		out = joinCheapest(out)
	}
	sum := 0
	for _, r := range out {
		sum += r.Area()
	}
	if sum*2 >= box.Area() {
		return append(out[:0], box)
	}
	return out
}

func joinCheapest(rects []Rect) []Rect {
	bi, bj, best := 0, 1, int(^uint(0)>>1)
	for i := range rects {
		for j := i + 1; j < len(rects); j++ {
			if cost := rects[i].Union(rects[j]).Area() - rects[i].Area() - rects[j].Area(); cost < best {
				bi, bj, best = i, j, cost
			}
		}
	}
	rects[bi] = rects[bi].Union(rects[bj])
	rects[bj] = rects[len(rects)-1]
	return rects[:len(rects)-1]
}
