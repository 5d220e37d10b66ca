package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// sendTime bounds how long a request takes to be written.
const sendTime = 10 * time.Second

// link is one connection to the daemon. Its reader runs until the connection ends.
type link struct {
	c    net.Conn
	news func(News)

	sending sync.Mutex // held while a request is written

	mu      sync.Mutex
	last    uint32
	waiting map[uint32]chan *Reply
	err     error // why it ended; set before gone is closed
	gone    chan struct{}
}

// begin starts the reader, which calls news.
func begin(c net.Conn, news func(News)) *link {
	l := &link{c: c, news: news, waiting: map[uint32]chan *Reply{}, gone: make(chan struct{})}
	go l.read()
	return l
}

// end closes the connection and waits for the reader.
func (l *link) end() {
	l.c.Close()
	<-l.gone
}

func (l *link) read() {
	r := bufio.NewReader(l.c)
	for {
		reply, err := readReply(r)
		if err != nil {
			l.mu.Lock()
			l.err = err
			l.mu.Unlock()
			l.c.Close()
			close(l.gone)
			return
		}
		if reply.ID == 0 && reply.Failure == nil {
			l.news(reply.News)
			continue
		}
		l.mu.Lock()
		heard := l.waiting[reply.ID]
		delete(l.waiting, reply.ID)
		if reply.ID == 0 { // the connection is refused as a whole: who asks first hears why
			for id, first := range l.waiting {
				heard = first
				delete(l.waiting, id)
			}
		}
		l.mu.Unlock()
		if heard != nil { // else nobody waits any more
			heard <- reply
		}
	}
}

func readReply(r *bufio.Reader) (*Reply, error) {
	n, err := ReadLength(r, MaxLarge)
	if err != nil {
		return nil, err
	}
	body, err := ReadBody(r, n)
	if err != nil {
		return nil, err
	}
	return ParseReply(body)
}

// call sends a request and waits for its reply. Errors are those of the reply's Failure, ctx's, and ErrGone.
func (l *link) call(ctx context.Context, r Request) (*Reply, error) {
	heard := make(chan *Reply, 1)
	l.mu.Lock()
	l.last++
	r.ID = l.last
	l.waiting[r.ID] = heard
	l.mu.Unlock()
	if err := l.send(&r); err != nil {
		return nil, err
	}
	select {
	case reply := <-heard:
		return taken(reply)
	case <-l.gone:
		select { // the last reply before the end
		case reply := <-heard:
			return taken(reply)
		default:
		}
		return nil, fmt.Errorf("%w any more: %w", ErrGone, l.why())
	case <-ctx.Done():
		l.mu.Lock()
		delete(l.waiting, r.ID)
		l.mu.Unlock()
		return nil, ctx.Err()
	}
}

func taken(reply *Reply) (*Reply, error) {
	if reply.Failure != nil {
		return nil, reply.Failure.err()
	}
	return reply, nil
}

func (l *link) send(r *Request) error {
	text, err := AppendMessage(r)
	if err != nil {
		return err
	}
	l.sending.Lock()
	defer l.sending.Unlock()
	l.c.SetWriteDeadline(time.Now().Add(sendTime))
	if _, err := l.c.Write(text); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			l.c.Close() // half a request is no request
		}
		select {
		case <-l.gone: // the daemon may have said why before it ended the connection
		case <-time.After(time.Second):
			l.end()
		}
	}
	clear(text)
	return nil
}

func (l *link) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		return net.ErrClosed
	}
	return l.err
}
