package lab

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Limits of a pump's work: how many packets it takes between two looks at the
// clock, how closely it looks when packets become due one by one, and by how
// much its threads are preferred to others.
const (
	maxBatch = 64
	quantum  = 200 * time.Microsecond
	niceness = -15
)

// tun is a network device whose other side is a file: what the namespace
// sends is read, what is written the namespace receives.
type tun struct{ file int }

// openTUN makes one in the namespace. It is gone when it is closed.
func (n *namespace) openTUN(name string) (*tun, error) {
	d := &tun{file: -1}
	err := n.do(func() error {
		file, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return fmt.Errorf("open /dev/net/tun: %w; load the module (modprobe tun), or give it to the container (--device /dev/net/tun)", err)
		}
		request, err := unix.NewIfreq(name)
		if err == nil {
			request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
			err = unix.IoctlIfreq(file, unix.TUNSETIFF, request)
		}
		if err != nil {
			unix.Close(file)
			return fmt.Errorf("make the device %s: %w", name, err)
		}
		d.file = file
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (d *tun) close() error {
	if d == nil {
		return nil
	}
	return unix.Close(d.file)
}

// pump carries one direction's packets from a device to another.
type pump struct {
	began    time.Time
	line     *line
	from, to int
	event    int // an eventfd: something changed
	done     chan struct{}
	stopped  bool  // guarded by line.mu
	err      error // to be read after done
}

func startPump(began time.Time, l *line, from, to *tun) (*pump, error) {
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("make an event: %w", err)
	}
	p := &pump{began: began, line: l, from: from.file, to: to.file, event: event, done: make(chan struct{})}
	go p.run()
	return p, nil
}

// wake makes the pump look again at what is due.
func (p *pump) wake() {
	p.line.mu.Lock()
	defer p.line.mu.Unlock()
	p.signal()
}

// signal is wake for who holds line.mu. The event's file is open until stopped.
func (p *pump) signal() {
	if !p.stopped {
		unix.Write(p.event, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // full only if it is signalled already
	}
}

// close ends the pump and waits until it is gone.
func (p *pump) close() error {
	p.line.mu.Lock()
	p.signal()
	p.stopped = true
	p.line.mu.Unlock()
	<-p.done
	return errors.Join(p.err, unix.Close(p.event))
}

func (p *pump) ended() bool {
	p.line.mu.Lock()
	defer p.line.mu.Unlock()
	return p.stopped
}

// run carries packets until the pump is closed. It waits in the kernel and not
// in the scheduler, whose timers are a millisecond coarse.
func (p *pump) run() {
	defer close(p.done)
	runtime.LockOSThread() // the priority is the thread's, and ends with it
	unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), niceness)
	var batch [][]byte
	buffer := make([]byte, 1<<16)
	for !p.ended() {
		batch = p.line.due(time.Since(p.began), batch[:0])
		for _, ip := range batch {
			unix.Write(p.to, ip) // a device that cannot take a packet loses it, as any does
		}
		p.line.delivered(batch)
		if p.err = p.wait(); p.err != nil {
			return
		}
		if p.err = p.take(buffer); p.err != nil {
			return
		}
	}
}

// wait waits for a packet, for a change, or for the next time that one is due.
func (p *pump) wait() error {
	files := []unix.PollFd{{Fd: int32(p.from), Events: unix.POLLIN}, {Fd: int32(p.event), Events: unix.POLLIN}}
	var limit *unix.Timespec
	if at, any := p.line.next(); any {
		left := unix.NsecToTimespec(int64(max(at-time.Since(p.began), quantum)))
		limit = &left
	}
	if _, err := unix.Ppoll(files, limit, nil); err != nil && err != unix.EINTR {
		return fmt.Errorf("wait for packets: %w", err)
	}
	if files[1].Revents != 0 {
		var count [8]byte
		unix.Read(p.event, count[:])
	}
	return nil
}

// take puts the packets that came into the queue.
func (p *pump) take(buffer []byte) error {
	for range maxBatch {
		n, err := unix.Read(p.from, buffer)
		switch {
		case err == unix.EAGAIN:
			return nil
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("read packet: %w", err)
		case n >= 20 && buffer[0]>>4 == 4: // the kernel's own talk in IPv6 is none of ours
			p.line.arrive(time.Since(p.began), buffer[:n])
		}
	}
	return nil
}
