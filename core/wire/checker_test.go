package wire

import (
	"errors"
	"testing"
)

var (
	allSides  = []Side{FromGuest, FromHost}
	allStates = []State{StateHello, StateIdentity, StateLogon, StateOpen, StateClosed}
)

// goodFrame gives a frame of every message, the first of goodMessages.
func goodFrame(t testing.TB, spec Spec) Frame {
	t.Helper()
	for _, g := range goodMessages() {
		if g.m.Type() == spec.Type {
			f := Frame{Type: spec.Type, Critical: spec.Critical, Body: bodyOf(g.m)}
			if spec.OnStream {
				f.Stream = 1
			}
			return f
		}
	}
	t.Fatalf("no good %s", spec.Name)
	return Frame{}
}

// mayCome says what the table of PROTOCOL.md §8.2 says.
func mayCome(spec Spec, from Side, state State, ch Channel) bool {
	onChannel := spec.Channel == ch
	if spec.Channel == 0 {
		onChannel = ch == ChannelAudio || ch == ChannelScreen || ch == ChannelBulk
	}
	return (spec.From == from || spec.From == FromBoth) && spec.States&state == state && onChannel
}

// TestCheckerFollowsTheTable tries every message from each side, in each state, on each channel.
func TestCheckerFollowsTheTable(t *testing.T) {
	allowed := 0
	for _, spec := range Specs() {
		f := goodFrame(t, spec)
		for _, from := range allSides {
			for _, state := range allStates {
				for ch := Channel(0); ch <= Channels; ch++ {
					k := Checker{From: from, State: state}
					m, err := k.Check(ch, f)
					want := mayCome(spec, from, state, ch)
					if want != (err == nil) || want != (m != nil) {
						t.Errorf("%s from side %d in state %d on the %s: %v, allowed is %t", spec.Name, from, state, ch, err, want)
					}
					if want {
						allowed++
					} else if code := codeOf(t, err); code != CloseProtocol {
						t.Errorf("%s from side %d in state %d on the %s ends with %s", spec.Name, from, state, ch, code)
					}
				}
			}
		}
	}
	if allowed != 64 {
		t.Errorf("%d combinations are allowed; a change of the table changes this number on purpose", allowed)
	}
}

// codeOf gives the code of an error that must be a violation made of a malformed message.
func codeOf(t testing.TB, err error) CloseCode {
	t.Helper()
	var v *Violation
	if !errors.As(err, &v) || !errors.Is(err, ErrMalformed) {
		t.Fatalf("%v is no violation of a malformed message", err)
	}
	return v.Code
}

func TestCheckerRefusesBadFrames(t *testing.T) {
	for _, spec := range Specs() {
		good := goodFrame(t, spec)
		from, state, ch := spec.From, spec.States, spec.Channel
		if from == FromBoth {
			from = FromHost
		}
		if state&StateLogon != 0 {
			state = StateLogon
		}
		if ch == 0 {
			ch = ChannelBulk
		}
		k := Checker{From: from, State: state}
		if _, err := k.Check(ch, good); err != nil {
			t.Fatalf("a good %s: %v", spec.Name, err)
		}
		for what, change := range map[string]func(*Frame){
			"critical bit": func(f *Frame) { f.Critical = !f.Critical },
			"stream":       func(f *Frame) { f.Stream ^= 1 },
			"body":         func(f *Frame) { f.Body = make([]byte, 8192) },
		} {
			if spec.Type == TypeStreamData && what == "body" {
				continue // it has no other limit than its record's
			}
			bad := good
			change(&bad)
			if m, err := k.Check(ch, bad); m != nil || codeOf(t, err) != CloseProtocol {
				t.Errorf("%s with a wrong %s: %v, %v", spec.Name, what, m, err)
			}
		}
	}
}

func TestCheckerSkipsUnknownInSessionOnly(t *testing.T) {
	for _, state := range append(allStates, 0) {
		for _, from := range allSides {
			k := Checker{From: from, State: state}
			m, err := k.Check(ChannelControl, Frame{Type: 0x7abc, Stream: 9, Body: []byte("new")})
			if live := state == StateLogon || state == StateOpen; m != nil || live != (err == nil) {
				t.Errorf("an unknown message in state %d: %v, %v", state, m, err)
			} else if !live && codeOf(t, err) != CloseProtocol {
				t.Errorf("an unknown message in state %d ends with %v", state, err)
			}
			if _, err = k.Check(ChannelControl, Frame{Type: 0x7abc, Critical: true}); codeOf(t, err) != CloseUnknown {
				t.Errorf("an unknown critical message in state %d: %v", state, err)
			}
		}
	}
}

func TestZeroCheckerAllowsNothing(t *testing.T) {
	for _, spec := range Specs() {
		for ch := Channel(0); ch <= Channels; ch++ {
			if _, err := new(Checker).Check(ch, goodFrame(t, spec)); err == nil {
				t.Errorf("a zero Checker lets %s through on the %s", spec.Name, ch)
			}
		}
	}
}

func TestChooseVersion(t *testing.T) {
	for _, c := range []struct {
		newest, oldest uint16
		version        uint16
		code           CloseCode
	}{
		{1, 1, 1, CloseDone},
		{9, 1, 1, CloseDone},
		{65535, 2, 0, CloseTooNew},
		{0, 0, 0, CloseTooOld}, // no preamble says so; the answer is right all the same
	} {
		if v, code := ChooseVersion(Preamble{Newest: c.newest, Oldest: c.oldest}); v != c.version || code != c.code {
			t.Errorf("versions %d to %d: goes on with %d, code %s", c.oldest, c.newest, v, code)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&Closed{Code: CloseFull}, "closed by the other side: Full"},
		{&Closed{CloseHostUser, "lunch"}, "closed by the other side: HostUser: lunch"},
		{&Violation{CloseLimit, ErrMalformed}, "protocol violation (Limit): malformed message"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("error reads %q, wanted %q", got, c.want)
		}
	}
	if got := Channel(7).String(); got != "channel 7" {
		t.Errorf("an unknown channel is called %q", got)
	}
	if KindScreen.Channel() != ChannelScreen || StreamKind(9).Channel() != ChannelBulk {
		t.Error("a stream's kind has the wrong channel")
	}
}
