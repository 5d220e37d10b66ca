package session

// Sizes of a fifo's memory.
const (
	fifoPiece = 64 << 10
	fifoSpare = 16 // pieces kept for what comes next
)

// fifo is a queue of bytes, in pieces of memory: however long it is, nothing in it moves.
type fifo struct {
	pieces [][]byte // all but the last one full
	head   int      // bytes of pieces[0] that are gone
	size   int
	spare  [][]byte
}

func (f *fifo) len() int { return f.size }

// from gives bytes from number n on, which is there: as many as lie together. They are good until they are dropped, or
// something is added.
func (f *fifo) from(n int) []byte {
	at := f.head + n
	return f.pieces[at/fifoPiece][at%fifoPiece:]
}

func (f *fifo) add(p []byte) {
	f.size += len(p)
	for len(p) > 0 {
		last := len(f.pieces) - 1
		if last < 0 || len(f.pieces[last]) == fifoPiece {
			f.pieces = append(f.pieces, f.piece())
			last++
		}
		n := min(len(p), fifoPiece-len(f.pieces[last]))
		f.pieces[last] = append(f.pieces[last], p[:n]...)
		p = p[n:]
	}
}

// piece gives an empty piece. The first grows as it is needed: most streams carry little.
func (f *fifo) piece() []byte {
	if last := len(f.spare) - 1; last >= 0 {
		p := f.spare[last]
		f.spare = f.spare[:last]
		return p
	}
	if len(f.pieces) == 0 {
		return nil
	}
	return make([]byte, 0, fifoPiece)
}

// drop takes n bytes off the front.
func (f *fifo) drop(n int) {
	f.size -= n
	f.head += n
	gone := 0
	for ; f.head >= fifoPiece; f.head -= fifoPiece {
		if len(f.spare) < fifoSpare {
			f.spare = append(f.spare, f.pieces[gone][:0])
		}
		gone++
	}
	if gone > 0 {
		left := copy(f.pieces, f.pieces[gone:])
		clear(f.pieces[left:])
		f.pieces = f.pieces[:left]
	}
	if f.size == 0 && len(f.pieces) > 0 {
		f.pieces[0], f.head = f.pieces[0][:0], 0
	}
}
