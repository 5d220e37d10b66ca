package core_test

import (
	"fmt"
	"sync"

	"impero/core/lab"
	"impero/core/wire"
)

// attack is something that someone on the way does to the records of one channel.
type attack struct {
	name string
	rule func() lab.Rule // for records that are numbered from 0, the first it meets
}

// flipChannel has a record be one of the channel whose number differs in the last bit.
const flipChannel = "flip the channel"

// attacks are those that PROTOCOL.md §15 promises to find where a channel has integrity.
func attacks() []attack {
	return []attack{
		{"replay", func() lab.Rule { return lab.Replay(0, 1) }},
		{"duplicate", func() lab.Rule { return lab.Duplicate(0) }},
		{"reorder", func() lab.Rule { return lab.Swap(0) }},
		{"drop", func() lab.Rule { return lab.Drop(0) }},
		{"truncate", func() lab.Rule { return lab.Truncate(0, 5) }},
		{"shorten", func() lab.Rule { return lab.Shorten(0, 5) }},
		{"flip the length", func() lab.Rule { return lab.FlipBit(0, 31) }},
		{flipChannel, func() lab.Rule { return lab.FlipBit(0, 39) }},
		{"flip the reserved byte", func() lab.Rule { return lab.FlipBit(0, 47) }},
		{"flip the epoch", func() lab.Rule { return lab.FlipBit(0, 63) }},
		{"flip the first bit", func() lab.Rule { return lab.FlipBit(0, 8*wire.HeaderLen) }},
		{"flip the last bit", func() lab.Rule { return lab.FlipBit(0, -1) }},
		{"reflect", func() lab.Rule { return lab.Reflect(0) }},
		{"insert", insert},
	}
}

// insert adds a record that looks like one of its channel.
func insert() lab.Rule {
	return func(r lab.Record) (on, back [][]byte) {
		if r.Number > 0 {
			return [][]byte{r.Bytes}, nil
		}
		var plain []byte
		switch r.Header.Channel {
		case wire.ChannelInput:
			plain = wire.AppendMessage(nil, 1, &wire.Text{Text: "forged"})
		case wire.ChannelControl:
			plain = wire.AppendMessage(nil, 0, &wire.Ping{Token: 7})
		default:
			plain = wire.AppendMessage(nil, 1, &wire.StreamData{Data: []byte("forged")})
		}
		header := wire.Header{Length: uint32(len(plain)), Channel: r.Header.Channel, Epoch: r.Header.Epoch}
		return [][]byte{r.Bytes, append(header.Append(nil), plain...)}, nil
	}
}

// place is a channel in a direction.
type place struct {
	from wire.Side
	ch   wire.Channel
}

func (p place) String() string {
	if p.from == wire.FromGuest {
		return fmt.Sprintf("%s to the Host", p.ch)
	}
	return fmt.Sprintf("%s to the Guest", p.ch)
}

// places are where a visit has traffic.
func places() []place {
	return []place{
		{wire.FromGuest, wire.ChannelControl}, {wire.FromHost, wire.ChannelControl}, {wire.FromGuest, wire.ChannelInput},
		{wire.FromHost, wire.ChannelScreen}, {wire.FromGuest, wire.ChannelBulk}, {wire.FromHost, wire.ChannelBulk},
	}
}

// ambush is someone between a Guest and a Host who waits to be told what to do, and does it to the next connection that
// has something at that place. It is of one session; its zero value lets everything pass.
type ambush struct {
	mu    sync.Mutex
	at    place
	next  func() lab.Rule // nil: nothing is to be done
	hits  int             // attacks that were begun
	wires int             // connections so far
	first int             // number of the one that carried a session's screen or input last
}

// arm has the next record at a place attacked.
func (a *ambush) arm(at place, rule func() lab.Rule) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at, a.next = at, rule
}

// hit is how many attacks were begun.
func (a *ambush) hit() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.hits
}

// rules are those of one connection.
func (a *ambush) rules() lab.Rules {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wires++
	return lab.Rules{ToHost: a.side(wire.FromGuest, a.wires), ToGuest: a.side(wire.FromHost, a.wires)}
}

// side are the rules of a connection's direction. What goes by one that was given up is left alone: nobody listens.
func (a *ambush) side(from wire.Side, wireNumber int) lab.Rule {
	var mine lab.Rule
	var at place
	number := 0
	return func(r lab.Record) (on, back [][]byte) {
		a.mu.Lock()
		defer a.mu.Unlock()
		here := place{from, r.Header.Channel}
		if here.ch == wire.ChannelInput || here.ch == wire.ChannelScreen {
			a.first = max(a.first, wireNumber)
		}
		current := wireNumber == a.first || here.ch == wire.ChannelBulk && wireNumber > a.first
		if mine == nil && a.next != nil && here == a.at && current {
			mine, at, a.next = a.next(), here, nil
			a.hits++
		}
		if mine == nil || here != at {
			return [][]byte{r.Bytes}, nil
		}
		r.Number = number
		number++
		return mine(r)
	}
}
