package seam

import (
	"net"
	"reflect"
	"testing"

	"impero/core/wire"
)

func TestEveryMessageArrives(t *testing.T) {
	a, b := net.Pipe()
	daemon, agent := New(a), New(b)
	defer daemon.Close()
	defer agent.Close()
	greeted := make(chan error, 1)
	go func() { greeted <- agent.Greet() }()
	if err := daemon.Greet(); err != nil {
		t.Fatal(err)
	}
	if err := <-greeted; err != nil {
		t.Fatal(err)
	}
	for _, m := range []any{
		&Display{Ready: true}, &Display{Reason: "no display"}, &Join{Viewer: 7}, &Join{Viewer: 8, Capabilities: []wire.Capability{{Number: 1, Parameter: []byte{}}, {Number: 5, Parameter: []byte{0, 1, 0, 0}}}}, &Leave{Viewer: 7}, &Ack{Viewer: 7, Sequence: 9, Delivery: 250_000}, &Refresh{Viewer: 1}, &Resume{Sequence: 900, Layout: 3},
		&Input{Viewer: 3, Message: &wire.Key{Usage: 4, Down: true, Character: 'a'}},
		&Ask{ID: 1, Seconds: 30, User: "anna", Computer: "ops-laptop", From: "10.0.0.7", System: true, Permissions: []uint16{1, 2}}, &Ask{ID: 2},
		&AskEnd{ID: 1}, &Verdict{ID: 1, Answer: AnswerWatch}, &Watching{}, &Watching{Watchers: []Watcher{{1, "anna", true}, {2, "ben", false}}},
		&Notice{Phase: PhaseAfter, Name: "anna", From: "10.0.0.7", Seconds: 90}, &HangUp{Session: 7},
		&Picture{Class: ClassUpdate, Viewers: []uint32{1, 2}, Data: []byte("picture")},
		&Picture{Class: ClassTimes, Viewers: []uint32{8}, Data: []byte("times")},
	} {
		go agent.Send(m)
		got, err := daemon.Receive()
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("sent %+v, received %+v, %v", m, got, err)
		}
	}
}

func TestAnotherVersionIsRefused(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	old := New(b)
	go func() { old.Receive() }()
	go func() { old.Send(&Hello{Version: Version + 1}) }()
	if err := New(a).Greet(); err != ErrVersion {
		t.Errorf("another version gives %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(uint8(typeInput), []byte{0, 0, 0, 1, 0, 0x50, 0, 4, 1, 0, 0, 0, 'a'})
	f.Add(uint8(typePicture), []byte{1, 1, 0, 0, 0, 1, 9})
	f.Add(uint8(typeResume), []byte{0, 0, 0, 9, 0, 0, 0, 2})
	f.Add(uint8(typeDisplay), []byte{0, 0, 1, 'x'})
	f.Add(uint8(typeAsk), []byte{0, 0, 0, 1, 0, 30, 0, 1, 'a', 1, 'b', 1, 'c', 1, 1, 0, 2})
	f.Add(uint8(typeVerdict), []byte{0, 0, 0, 1, 2})
	f.Add(uint8(typeWatching), []byte{1, 0, 0, 0, 1, 0, 1, 'a', 1})
	f.Add(uint8(typeNotice), []byte{1, 0, 1, 'a', 1, 'b', 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		if m, err := parse(kind, body); err == nil && m == nil {
			t.Error("neither a message nor an error")
		}
	})
}
