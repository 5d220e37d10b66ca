package session

// fifo is a queue of bytes that moves up before it grows.
type fifo struct {
	b    []byte
	head int
}

func (f *fifo) len() int { return len(f.b) - f.head }

// from gives the bytes from number n on; they are good until the next add.
func (f *fifo) from(n int) []byte { return f.b[f.head+n:] }

func (f *fifo) add(p []byte) {
	if f.head > 0 && len(f.b)+len(p) > cap(f.b) {
		f.b = f.b[:copy(f.b, f.b[f.head:])]
		f.head = 0
	}
	f.b = append(f.b, p...)
}

// drop takes n bytes off the front.
func (f *fifo) drop(n int) {
	if f.head += n; f.head == len(f.b) {
		f.b, f.head = f.b[:0], 0
	}
}
