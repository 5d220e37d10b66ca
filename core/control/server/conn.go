package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"impero/core/control"
	"impero/core/local"
)

// Times of a connection.
const (
	helloTime = 10 * time.Second // until the hello is there
	logonTime = 5 * time.Minute  // until somebody has typed a password
	idleTime  = 5 * time.Minute  // between requests; who watches sends pings
	bodyTime  = 10 * time.Second // for the rest of a request, and for a reply to be taken
	proofTime = time.Minute      // a maintenance password counts so long
)

// step is where a connection stands.
type step int

const (
	stepHello step = iota
	stepLogon
	stepRequests
)

// conn is one connection. But for tell, its methods are of its own goroutine.
type conn struct {
	s    *Server
	c    net.Conn
	peer local.Peer
	log  *slog.Logger

	step    step
	refused int // requests
	rights  rights
	proven  time.Time // the maintenance password for the exit was given then

	writing sync.Mutex
	bell    chan struct{} // capacity 1: news has something

	mu       sync.Mutex
	watching control.News // what it may know of; 0 until it watches
	news     control.News
}

// errOrder ends a connection.
var errOrder = errors.New("a request came that has no place now")

// errAway says that the client went before its reply.
var errAway = errors.New("the client is gone")

// serve serves the connection to its end.
func (k *conn) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	var pushing sync.WaitGroup
	defer pushing.Wait()
	defer k.c.Close()
	defer cancel()
	defer context.AfterFunc(ctx, func() { k.c.Close() })()
	pushing.Go(func() { k.push(ctx) })
	r := bufio.NewReader(k.c)
	for {
		err := k.turn(ctx, r)
		switch {
		case err == nil:
			continue
		case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, errAway), ctx.Err() != nil:
			k.log.Debug("a control connection ended")
		case !k.s.mayComplain("ended " + k.peer.User): // else everybody could push older lines out of the log
		case errors.Is(err, os.ErrDeadlineExceeded):
			k.log.Info("a control connection was silent, or did not read, and is ended")
		default:
			k.log.Warn("a control connection is ended", "reason", err)
		}
		return
	}
}

// turn does one request. An error ends the connection.
func (k *conn) turn(ctx context.Context, r *bufio.Reader) error {
	request, done, err := k.receive(ctx, r)
	if err != nil {
		if errors.Is(err, control.ErrForm) || errors.Is(err, control.ErrTooLarge) {
			k.send(&control.Reply{Failure: &control.Failure{Code: control.CodeForm}})
		}
		return err
	}
	defer done()
	reply, err := k.answer(ctx, request)
	if err != nil {
		reply = &control.Reply{Failure: control.FailureOf(err)}
		if errors.Is(err, errOrder) {
			reply.Failure = &control.Failure{Code: control.CodeOrder}
		}
		var conflict *conflictError
		if errors.As(err, &conflict) {
			reply.Failure.Snapshot = &conflict.now
		}
	}
	reply.ID = request.ID
	if sent := k.send(reply); sent != nil {
		return sent
	}
	if errors.Is(err, errOrder) || errors.Is(err, control.ErrVersion) {
		return err
	}
	return nil
}

// receive reads a request. done gives back what a large one takes.
func (k *conn) receive(ctx context.Context, r *bufio.Reader) (request *control.Request, done func(), err error) {
	k.c.SetReadDeadline(time.Now().Add(k.patience()))
	limit := control.MaxSmall
	if k.rights.see {
		limit = control.MaxLarge
	}
	n, err := control.ReadLength(r, limit)
	if err != nil {
		return nil, nil, err
	}
	done = func() {}
	if n > control.MaxSmall {
		select {
		case k.s.large <- struct{}{}:
			done = func() { <-k.s.large }
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	k.c.SetReadDeadline(time.Now().Add(bodyTime))
	body, err := control.ReadBody(r, n)
	if err == nil {
		request, err = control.ParseRequest(body)
		clear(body)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return request, done, nil
}

// patience is how long the next request may take to come.
func (k *conn) patience() time.Duration {
	switch k.step {
	case stepHello:
		return helloTime
	case stepLogon:
		return logonTime
	}
	return idleTime
}

// send writes a reply. A client that does not take it in time loses its connection.
func (k *conn) send(reply *control.Reply) error {
	text, err := control.AppendMessage(reply)
	if err != nil {
		return err
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	k.c.SetWriteDeadline(time.Now().Add(bodyTime))
	if _, err := k.c.Write(text); err != nil {
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			err = fmt.Errorf("%w: %w", errAway, err)
		}
		return fmt.Errorf("send a reply: %w", err)
	}
	return nil
}

// tell keeps news for push, and says whether the client watches for it; it does not block.
func (k *conn) tell(n control.News) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n &= k.watching; n == 0 {
		return false
	}
	k.news |= n
	select {
	case k.bell <- struct{}{}:
	default:
	}
	return true
}

// watch begins to tell news, and tells at once, for what changed since the client looked. One with the Host's window is told to
// show it.
func (k *conn) watch(window bool) {
	first := control.NewState
	if k.rights.see {
		first |= control.NewConfiguration
	}
	k.mu.Lock()
	k.watching = first
	if window {
		k.watching |= control.Raise
	}
	k.mu.Unlock()
	k.tell(first)
}

// push sends news until ctx ends. What comes while the client is slow comes together.
func (k *conn) push(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.bell:
		}
		k.mu.Lock()
		n := k.news
		k.news = 0
		k.mu.Unlock()
		if n == 0 { // both were heard together
			continue
		}
		if k.send(&control.Reply{News: n}) != nil {
			k.c.Close()
			return
		}
	}
}
