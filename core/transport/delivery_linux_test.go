package transport

import (
	"io"
	"net"
	"testing"
)

func TestDeliveryIsMeasured(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := l.Accept(); err == nil {
			io.Copy(c, c)
			c.Close()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	piece := make([]byte, 64<<10)
	for range 4 {
		if _, err := c.Write(piece); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, piece); err != nil {
			t.Fatal(err)
		}
	}
	if rate := Delivery(c); rate == 0 {
		t.Error("nothing was measured of a connection that was used")
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if rate := Delivery(a); rate != 0 {
		t.Errorf("%d bytes a second of a pipe", rate)
	}
}
