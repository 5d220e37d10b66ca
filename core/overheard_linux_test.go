package core_test

import (
	"bytes"
	"fmt"
	"testing"

	"impero/core/lab"
	"impero/core/picture"
	"impero/core/screen"
	"impero/core/screen/video"
	"impero/core/wire"
)

// heard is what somebody who has every packet of one direction makes of the records of one channel, without keys.
type heard struct {
	readable, hidden int // records
	tagged           int // of the readable ones, those that are readable but for 16 bytes at the end
	messages         []wire.Message
}

// data is what streams carried, in the order of its records.
func (h *heard) data() (all []byte) {
	for _, m := range h.messages {
		if m, ok := m.(*wire.StreamData); ok {
			all = append(all, m.Data...)
		}
	}
	return all
}

// overheard is all of a direction, of one or more connections.
type overheard struct {
	of  map[wire.Channel]*heard
	raw []byte
}

// overhear reads what a capture has of one side, as far as the keys that it lacks let it.
func overhear(t *testing.T, talks []*lab.Conversation, from wire.Side) *overheard {
	t.Helper()
	o := &overheard{of: map[wire.Channel]*heard{}}
	for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
		o.of[ch] = &heard{}
	}
	for _, talk := range talks {
		if talk.Missing > 0 {
			t.Fatalf("%d bytes are missing in the capture", talk.Missing)
		}
		side := talk.ToServer
		if from == wire.FromHost {
			side = talk.ToClient
		}
		o.raw = append(o.raw, side...)
		if err := o.read(bytes.NewReader(side), from); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *overheard) read(r *bytes.Reader, from wire.Side) (err error) {
	if from == wire.FromGuest {
		_, _, err = wire.ReadPreamble(r)
	} else {
		_, _, err = wire.ReadAnswer(r)
	}
	if err != nil {
		return fmt.Errorf("read the opening: %w", err)
	}
	buf := make([]byte, wire.MaxBulkRecord)
	for r.Len() > 0 {
		h, body, err := wire.ReadRecord(r, buf, len(buf))
		if err != nil {
			return fmt.Errorf("read a record's frame of 8 bytes: %w", err)
		}
		if h.Epoch == wire.EpochClear {
			continue // the hellos, which are in clear at every level
		}
		o.of[h.Channel].take(h.Channel, body, from)
	}
	return nil
}

// take reads a record's body as it is, and without a tag.
func (h *heard) take(ch wire.Channel, body []byte, from wire.Side) {
	for _, tag := range []int{0, wire.TagLen} {
		if len(body) <= tag {
			break
		}
		if list, ok := understand(ch, body[:len(body)-tag], from); ok {
			h.readable++
			h.tagged += tag / wire.TagLen
			h.messages = append(h.messages, list...)
			return
		}
	}
	h.hidden++
}

// understand reads a plaintext as messages that may come at some time in a session, and says whether it is such.
func understand(ch wire.Channel, plain []byte, from wire.Side) (list []wire.Message, ok bool) {
	for len(plain) > 0 {
		f, rest, err := wire.NextFrame(bytes.Clone(plain))
		if err != nil {
			return nil, false
		}
		plain = rest
		understood := false
		for _, state := range []wire.State{wire.StateIdentity, wire.StateLogon, wire.StateOpen} {
			check := wire.Checker{From: from, State: state}
			if m, err := check.Check(ch, f); err == nil && m != nil {
				list, understood = append(list, m), true
				break
			}
		}
		if !understood {
			return nil, false
		}
	}
	return list, true
}

// picture is what a screen's stream shows in the end; empty if it cannot be read.
func (h *heard) picture() (*picture.Frame, error) {
	var split screen.Splitter
	d := screen.NewDecoder(screen.DecoderConfig{Order: picture.RGBX, Cache: wire.MaxPictureCache, Video: video.Formats()})
	split.Feed(h.data())
	for {
		kind, body, ok, err := split.Next()
		if err != nil || !ok {
			return d.Frame(), err
		}
		if _, err := d.Decode(kind, body); err != nil {
			return d.Frame(), err
		}
	}
}
