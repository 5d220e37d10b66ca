package lab

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// captureLimit is how long tcpdump may take to begin, and to write what it has
// seen.
const captureLimit = 30 * time.Second

// Capture is a running tcpdump: it writes whole packets of one TCP port to a
// file. It needs root, Linux, and the package tcpdump.
type Capture struct {
	File    string // a pcap file
	end     *End
	port    uint16
	process *Process
}

// RunCapture begins to write what comes from and goes to a TCP port into a
// file: on the line of a Link as its end sees it, or on this machine's own
// loopback if end is nil. It sees packets from its return on, until ctx ends
// or Close.
func RunCapture(ctx context.Context, end *End, port uint16, file string) (*Capture, error) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		return nil, fmt.Errorf("capture packets: %w; install the package tcpdump (make test does)", err)
	}
	c := &Capture{File: file, end: end, port: port}
	com := command{argv: []string{"tcpdump", "-i", "lo"}}
	if end != nil {
		com = command{argv: []string{"tcpdump", "-i", device}, space: end.space}
	}
	// -Z root: else it could not write where root's tests do. The datagrams are
	// those of mark. -B: 64 MiB between the kernel and tcpdump; not in immediate
	// mode, where each packet would take the room of the longest.
	com.argv = append(com.argv, "-n", "-s", "0", "-B", "65536", "-U", "-Z", "root", "-w", file,
		fmt.Sprintf("tcp port %d or (udp and dst port %d)", port, port))
	process, err := run(ctx, com)
	if err != nil {
		return nil, fmt.Errorf("capture packets: %w", err)
	}
	c.process = process
	if err := c.await(ctx, "begin", func() (bool, error) { return strings.Contains(process.Output(), "listening on"), nil }); err != nil {
		return nil, errors.Join(fmt.Errorf("capture packets: %w; it needs root (sudo make test)", err), c.Close())
	}
	return c, nil
}

// StartCapture is [RunCapture] for a test, into a file of its own.
func StartCapture(t testing.TB, end *End, port uint16) *Capture {
	t.Helper()
	c, err := RunCapture(context.Background(), end, port, filepath.Join(t.TempDir(), "packets.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// await looks until something happened, as long as tcpdump runs.
func (c *Capture) await(ctx context.Context, what string, happened func() (bool, error)) error {
	limit := time.NewTimer(captureLimit)
	defer limit.Stop()
	next := time.NewTicker(lookEvery)
	defer next.Stop()
	for {
		if yes, err := happened(); yes || err != nil {
			return err
		}
		select {
		case <-next.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.process.Done():
			return fmt.Errorf("tcpdump ended; it said: %s", c.process.Output())
		case <-limit.C:
			return fmt.Errorf("tcpdump did not %s within %v; it said: %s", what, captureLimit, c.process.Output())
		}
	}
}

var dropped = regexp.MustCompile(`(?m)^(\d+) packets? dropped by kernel`)

// Finish ends the capture, which takes about a second, and gives the conversations of the port, in the
// order in which they began. Every packet that passed before the call is in
// them; it is an error if tcpdump was too slow for one.
func (c *Capture) Finish(ctx context.Context) ([]*Conversation, error) {
	if err := c.mark(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("finish the capture: %w", err), c.Close())
	}
	if err := c.Close(); err != nil {
		return nil, err
	}
	if m := dropped.FindStringSubmatch(c.process.Output()); m != nil {
		if n, _ := strconv.Atoi(m[1]); n > 0 {
			return nil, fmt.Errorf("finish the capture: tcpdump missed %d packets", n)
		}
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("finish the capture: %w", err)
	}
	defer file.Close()
	return ReadPackets(file)
}

// mark sends a datagram that tcpdump sees too, and waits until it is in the
// file: then all before it is.
func (c *Capture) mark(ctx context.Context) error {
	text := []byte(rand.Text())
	to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), c.port)
	send := func() error {
		conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(to))
		if err != nil {
			return err
		}
		_, err = conn.Write(text)
		return errors.Join(err, conn.Close())
	}
	if c.end != nil {
		// Any other address of the network will do: the device takes it.
		to = netip.AddrPortFrom(network(c.end.Addr()).Addr().Next(), c.port)
		if to.Addr() == c.end.Addr() {
			to = netip.AddrPortFrom(to.Addr().Next(), c.port)
		}
		dial := send
		send = func() error { return c.end.Do(dial) }
	}
	if err := send(); err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	var end []byte
	return c.await(ctx, "write what it saw", func() (bool, error) {
		more, err := io.ReadAll(file)
		end = append(end, more...)
		found := bytes.Contains(end, text)
		end = end[max(0, len(end)-len(text)):]
		return found, err
	})
}

// Close ends the capture; the file stays.
func (c *Capture) Close() error { return c.process.Close() }
