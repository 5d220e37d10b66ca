package directory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"time"
)

// ChildFlag is the argument that makes a program a Child.
const ChildFlag = "--pam-child"

// DefaultService is the name of the PAM service file.
const DefaultService = "imperohost"

// Bounds of the process that asks.
const (
	childTime  = 20 * time.Second
	maxAnswer  = 1 << 20
	maxRequest = 8 << 10
	maxAtOnce  = 8
	pause      = 3 * time.Second // a refusal takes that long, or a multiple
)

// System is the accounts of this system. The zero value asks in processes of this program.
type System struct {
	Program []string      // what Child runs in, with its arguments; nil for this program with ChildFlag
	Service string        // name of the PAM service file; empty for DefaultService
	Pause   time.Duration // how long a refusal takes; 0 for 3 s
	Log     *slog.Logger  // gets the verdicts; nil for none

	once  sync.Once
	slots chan struct{}
}

// request is what Child is asked.
type request struct {
	Op       string `json:"op"` // check, name or id
	Service  string `json:"service,omitempty"`
	User     string `json:"user"`
	From     string `json:"from,omitempty"`
	Password string `json:"password,omitempty"`
}

// answer is what it says.
type answer struct {
	Verdict Verdict `json:"verdict,omitempty"`
	Account Account `json:"account"`
	Unknown bool    `json:"unknown,omitempty"`
	Error   string  `json:"error,omitempty"`
}

var _ Accounts = (*System)(nil)

// Check implements Accounts.
func (s *System) Check(ctx context.Context, user, password, from string) (Verdict, error) {
	start := time.Now()
	v, err := s.check(ctx, user, password, from)
	if err == nil && v == Right {
		s.log().Info("a system account was checked", "user", user, "verdict", v.String())
		return Right, nil
	}
	if checkName(user) {
		refused := []any{"user", user, "verdict", v.String()}
		if err != nil {
			refused = append(refused, "reason", err)
		}
		s.log().Warn("a system account was refused", refused...)
	} else {
		s.log().Warn("a system account was refused", "reason", "its name cannot be one")
	}
	s.wait(ctx, start)
	return v, err
}

func (s *System) check(ctx context.Context, user, password, from string) (Verdict, error) {
	if !checkName(user) {
		return Unknown, nil
	}
	if !checkPassword(password) {
		return Wrong, nil
	}
	service := s.Service
	if service == "" {
		service = DefaultService
	}
	a, err := s.ask(ctx, request{Op: "check", Service: service, User: user, From: from, Password: password})
	if err == nil && verdicts[a.Verdict] == "" {
		err = errors.New("no verdict came")
	}
	if err != nil {
		return 0, fmt.Errorf("check the account of %s: %w", user, err)
	}
	return a.Verdict, nil
}

// wait has every refusal take as long as any other, whatever the system's modules do.
func (s *System) wait(ctx context.Context, start time.Time) {
	step := s.Pause
	if step <= 0 {
		step = pause
	}
	spent := time.Since(start)
	t := time.NewTimer((spent/step+1)*step - spent)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// Find implements Accounts.
func (s *System) Find(ctx context.Context, user string) (Account, error) {
	return s.find(ctx, "name", user)
}

// FindID implements Accounts.
func (s *System) FindID(ctx context.Context, id string) (Account, error) {
	return s.find(ctx, "id", id)
}

func (s *System) find(ctx context.Context, op, user string) (Account, error) {
	if !checkName(user) {
		return Account{}, ErrUnknown
	}
	a, err := s.ask(ctx, request{Op: op, User: user})
	if err == nil && a.Unknown {
		err = ErrUnknown
	}
	if err != nil {
		return Account{}, fmt.Errorf("find the account of %s: %w", user, err)
	}
	return a.Account, nil
}

func (s *System) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// ask runs a child for one request.
func (s *System) ask(ctx context.Context, r request) (answer, error) {
	s.once.Do(func() { s.slots = make(chan struct{}, maxAtOnce) })
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	defer func() { <-s.slots }()
	ctx, cancel := context.WithTimeout(ctx, childTime)
	defer cancel()
	program, err := s.program()
	if err != nil {
		return answer{}, err
	}
	question, err := json.Marshal(r)
	if err != nil {
		return answer{}, err
	}
	child := exec.CommandContext(ctx, program[0], program[1:]...)
	child.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"} // modules may look at others
	child.Dir = "/"
	child.Stdin = bytes.NewReader(question)
	child.WaitDelay = time.Second
	endChildWithUs(child)
	out := &bounded{left: maxAnswer}
	child.Stdout = out
	err = child.Run()
	clear(question)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return answer{}, fmt.Errorf("the system's modules did not answer: %w", err)
	}
	var a answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		return answer{}, fmt.Errorf("the system's modules answered what cannot be understood: %w", err)
	}
	if a.Error != "" {
		return answer{}, errors.New(a.Error)
	}
	return a, nil
}

func (s *System) program() ([]string, error) {
	if len(s.Program) > 0 {
		return s.Program, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return []string{self, ChildFlag}, nil
}

// bounded keeps what is written to it, up to a limit.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, io.ErrShortWrite
	}
	b.left -= len(p)
	return b.Buffer.Write(p)
}

// Child answers one request on in with one answer on out, and returns the program's exit code. It asks the system's modules in
// this process, which must do nothing else.
func Child(in io.Reader, out io.Writer) int {
	keepSecrets()
	text, err := io.ReadAll(io.LimitReader(in, maxRequest))
	if err != nil {
		return 1
	}
	var r request
	var a answer
	if err := json.Unmarshal(text, &r); err != nil {
		a.Error = "the request cannot be understood"
	} else {
		a = serve(r)
	}
	if json.NewEncoder(out).Encode(a) != nil {
		return 1
	}
	return 0
}

func serve(r request) (a answer) {
	var err error
	switch r.Op {
	case "check":
		a.Verdict, err = checkHere(r)
	case "name":
		a.Account, err = findHere(r.User, false)
	case "id":
		a.Account, err = findHere(r.User, true)
	default:
		err = fmt.Errorf("%q is no request", r.Op)
	}
	if errors.Is(err, ErrUnknown) {
		a.Unknown, err = true, nil
	}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}
