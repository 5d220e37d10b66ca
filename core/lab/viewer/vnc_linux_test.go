package viewer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"

	"impero/core/lab"
	"impero/core/lab/barcode"
	"impero/core/lab/load"
	"impero/core/picture"
)

// vncServer is the least that can be called a VNC server: it sends raw pictures, the next one at each key, and the last
// frame when stop is closed.
func vncServer(conn net.Conn, place barcode.Place, stop <-chan struct{}) error {
	in := bufio.NewReader(conn)
	head := []byte{0, 0}
	head = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(head, load.Width), load.Height)
	head = append(head[2:], make([]byte, 16+4)...)
	for _, step := range []struct {
		says  string
		hears int
	}{{"RFB 003.008\n", 12}, {"\x01\x01", 1}, {"\x00\x00\x00\x00", 1}, {string(head), 20}} {
		if _, err := io.WriteString(conn, step.says); err != nil {
			return err
		}
		if _, err := in.Discard(step.hears); err != nil {
			return err
		}
	}
	frame := picture.NewFrame(load.Width, load.Height, picture.BGRX)
	send := func(n barcode.Number) error {
		barcode.Draw(frame.Pix[(place.Y*frame.W+place.X)*4:], frame.W*4, n)
		update := []byte{0, 0, 0, 1, 0, 0, 0, 0}
		update = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(update, load.Width), load.Height)
		_, err := conn.Write(append(append(update, 0, 0, 0, 0), frame.Pix...))
		return err
	}
	if err := send(barcode.Number{}); err != nil {
		return err
	}
	for keys := 0; ; {
		kind, err := in.ReadByte()
		if err != nil {
			return err
		}
		rest := map[byte]int{2: 3, 3: 9, 4: 7}[kind]
		body, err := in.Peek(rest)
		if err != nil {
			return err
		}
		switch {
		case kind == 2:
			rest += 4 * int(body[2])
		case kind == 4 && body[0] == 1:
			keys++
			err = send(barcode.Number{Frame: keys})
		case kind == 4:
			select {
			case <-stop:
				err = send(barcode.Number{Frame: keys, Last: true})
			default:
			}
		}
		if err != nil {
			return err
		}
		if _, err := in.Discard(rest); err != nil {
			return err
		}
	}
}

func TestVNCIsWatched(t *testing.T) {
	spec, err := load.Find("key")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			err = vncServer(conn, spec.Places[0], stop)
			conn.Close()
		}
		ended <- err
	}()
	s := serve(t, Config{Kind: KindVNC, Viewers: 1}, func(int) (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) })
	if keys := s.ask(CommandKeys + " 100ms"); len(keys.Latencies) == 0 || keys.Missed > 0 {
		t.Errorf("keys: %+v", keys)
	}
	if got, least := s.ask(CommandMark).Bytes, uint64(2*load.Width*load.Height*4); got < least {
		t.Errorf("%d bytes for two raw pictures of %d", got, least)
	}
	close(stop)
	s.ask(CommandKeys + " 1ms")
	folder := t.TempDir()
	lab.WaitFor(t, answerLimit*30, "the last frame", func() bool { return s.try(CommandPictures+" "+folder).Error == "" })
	s.in.Close()
	if err := <-ended; !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Error(err)
	}
}
