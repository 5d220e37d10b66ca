package control

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"impero/core/config"
)

// requests and replies are one of each kind.
var (
	someRequests = []*Request{
		{ID: 1, Op: OpHello, Version: 1},
		{ID: 2, Op: OpLogon, Account: &Account{User: "ann", Password: `pass"word<&`}},
		{ID: 3, Op: OpApply, Document: "<ImperoHost version=\"1\">\n</ImperoHost>\n", Revision: "r1"},
		{ID: 4, Op: OpDisconnect, Session: 7},
		{ID: 6, Op: OpWatch, Window: true},
		{ID: 5, Op: OpMaintenance, Scope: ScopeExit, Account: &Account{Maintenance: "secret"}},
	}
	someReplies = []*Reply{
		{ID: 1, Hello: &Hello{Version: 1, Host: "till-042", Wants: WantsEither, User: "ann", Here: true}},
		{ID: 2, Rights: &Rights{User: "ann", See: true, Reason: ReasonGroup}},
		{ID: 3, Failure: &Failure{Code: CodeDenied, Left: 2, Until: time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)}},
		{ID: 4, State: &State{Name: "till-042", Addresses: []string{"10.0.0.1"}, Sessions: []Session{{ID: 1, User: "bob\u2028"}}, Refused: &Refusal{User: "x"}}},
		{ID: 5, Outcome: &Outcome{Snapshot: Snapshot{Document: "<a/>", Revision: "r2", Overruled: []config.Overruled{{Kinds: "ImperoHost", Attribute: "Name", By: "--name"}}}, Ended: 3}},
		{News: NewState | Raise},
	}
)

func message(t testing.TB, m any) []byte {
	t.Helper()
	text, err := AppendMessage(m)
	if err != nil {
		t.Fatal(err)
	}
	n, err := ReadLength(bytes.NewReader(text), MaxLarge)
	if err != nil || n != len(text)-lengthSize {
		t.Fatalf("the length is %d, %v", n, err)
	}
	return text[lengthSize:]
}

func TestMessagesComeAsTheyWent(t *testing.T) {
	for _, m := range someRequests {
		if got, err := ParseRequest(message(t, m)); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v came as %+v, %v", m, got, err)
		}
	}
	for _, m := range someReplies {
		if got, err := ParseReply(message(t, m)); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v came as %+v, %v", m, got, err)
		}
	}
	odd := message(t, &Reply{ID: 1, Rights: &Rights{User: "a\xffb"}})
	if got, err := ParseReply(odd); err != nil || got.Rights.User != "a\uFFFDb" {
		t.Errorf("bytes that are no text came as %+v, %v", got, err)
	}
}

func TestOneFormAlone(t *testing.T) {
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `{"id":1}`, `{"id":0,"op":"ping"}`, `{"id":1,"op":"ping"} `, `{"id":1,"op":"ping"}{}`, ` {"id":1,"op":"ping"}`,
		`{"op":"ping","id":1}`, `{"id":1,"op":"ping","extra":1}`, `{"ID":1,"op":"ping"}`, `{"id":1,"id":1,"op":"ping"}`, `{"id":-1,"op":"ping"}`,
		`{"id":1,"op":"ping","account":{"user":"a","user":"b"}}`, `{"id":1,"op":"ping","session":0}`, strings.Repeat("[", 20000),
		`{"id":1,"op":"logon","account":{"password":7,"x":"hunter2"}}`,
	} {
		if r, err := ParseRequest([]byte(body)); !errors.Is(err, ErrForm) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%.60s gives %+v, %v", body, r, err)
		}
	}
}

func TestLengthIsCheckedFirst(t *testing.T) {
	if _, err := ReadLength(strings.NewReader("\xff\xff\xff\xff"), MaxLarge); !errors.Is(err, ErrTooLarge) {
		t.Errorf("4 GiB: %v", err)
	}
	if _, err := ReadLength(strings.NewReader("\x00\x00\x10\x01"), MaxSmall); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one byte more: %v", err)
	}
	if _, err := ReadBody(strings.NewReader("abc"), MaxLarge); err == nil {
		t.Error("a message that ends early was taken")
	}
	if _, err := AppendMessage(&Request{ID: 1, Op: OpCheck, Document: strings.Repeat("x", MaxLarge)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a request that is too large: %v", err)
	}
}

// TestErrorsComeAsTheyWent: what a Client returns is what the daemon's parts returned.
func TestErrorsComeAsTheyWent(t *testing.T) {
	fault := &config.Fault{Path: "ImperoHost", Attribute: "Port", Line: 3, Message: config.Message{
		Key: "Use {{.Values}} or {{.One}}, at most {{.Max}}.", Args: map[string]any{"Values": config.Keys{"A", "B"}, "One": config.Key("C"), "Max": 9}}}
	trip := func(err error) error {
		reply, failed := ParseReply(message(t, &Reply{ID: 1, Failure: FailureOf(err)}))
		if failed != nil {
			t.Fatal(failed)
		}
		return reply.Failure.err()
	}
	var got *config.Fault
	if err := trip(fault); !errors.As(err, &got) || got.Error() != fault.Error() || got.Path != fault.Path {
		t.Errorf("a fault came as %v, want %v", err, fault)
	}
	if keys, ok := got.Message.Args["Values"].(config.Keys); !ok || len(keys) != 2 || got.Message.Args["One"] != config.Key("C") {
		t.Errorf("its arguments came as %#v", got.Message.Args)
	}
	var invalid *config.InvalidError
	if err := trip(&config.InvalidError{Faults: []*config.Fault{fault, fault}}); !errors.As(err, &invalid) || len(invalid.Faults) != 2 {
		t.Errorf("faults came as %v", err)
	}
	until := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	var denied *DeniedError
	if err := trip(&DeniedError{Left: 2, Until: until}); !errors.As(err, &denied) || denied.Left != 2 || !denied.Until.Equal(until) {
		t.Errorf("a refusal came as %v", err)
	}
	for _, want := range []error{ErrNotAllowed, ErrMaintenance, ErrUnavailable, ErrNoPassword, ErrVersion, ErrBusy} {
		if err := trip(want); !errors.Is(err, want) {
			t.Errorf("%v came as %v", want, err)
		}
	}
	if err := trip(errors.New("the disk is full")); err == nil || err.Error() != "the disk is full" {
		t.Errorf("words came as %v", err)
	}
}

func FuzzRequest(f *testing.F) {
	for _, m := range someRequests {
		f.Add(message(f, m))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := ParseRequest(body)
		if err != nil {
			return
		}
		if again := message(t, r); !bytes.Equal(again, body) {
			t.Errorf("%q is also written %q", body, again)
		}
	})
}

func FuzzReply(f *testing.F) {
	for _, m := range someReplies {
		f.Add(message(f, m))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := ParseReply(body)
		if err != nil {
			return
		}
		if again := message(t, r); !bytes.Equal(again, body) {
			t.Errorf("%q is also written %q", body, again)
		}
		if r.Failure != nil {
			if err := r.Failure.err(); err == nil {
				t.Error("a failure is no error")
			}
		}
		r.Snapshot.configuration()
	})
}
