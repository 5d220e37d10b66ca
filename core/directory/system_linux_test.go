package directory_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"impero/core/directory"
)

// TestMain is also the children's program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case directory.ChildFlag:
			os.Exit(directory.Child(os.Stdin, os.Stdout))
		case "--crash":
			var nothing *int
			fmt.Println(*nothing)
		case "--flood":
			for {
				if _, err := os.Stdout.Write(make([]byte, 1<<16)); err != nil {
					os.Exit(0)
				}
			}
		case "--hang":
			io.Copy(io.Discard, os.Stdin)
			select {}
		}
	}
	os.Exit(m.Run())
}

const right = "correct-Horse-7"

// service installs the service file under a name of this test's own.
func service(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../packaging/pam/imperohost")
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("imperohost-test-%d", os.Getpid())
	if err := os.WriteFile("/etc/pam.d/"+name, text, 0o644); err != nil {
		t.Fatalf("%v; this test wants to be root", err)
	}
	t.Cleanup(func() { os.Remove("/etc/pam.d/" + name) })
	return name
}

// user makes an account that is gone after the test; more are commands that change it.
func user(t *testing.T, suffix string, more ...[]string) string {
	t.Helper()
	name := fmt.Sprintf("imp%d%s", os.Getpid(), suffix)
	run(t, "", "useradd", "-M", "-s", "/bin/false", "-G", "games", name)
	t.Cleanup(func() { run(t, "", "userdel", name) })
	run(t, name+":"+right+"\n", "chpasswd", "-c", "SHA256")
	for _, argv := range more {
		run(t, "", append(argv, name)...)
	}
	return name
}

func run(t *testing.T, input string, argv ...string) {
	t.Helper()
	c := exec.Command(argv[0], argv[1:]...)
	c.Stdin = strings.NewReader(input)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", argv, err, out)
	}
}

func TestSystemAccounts(t *testing.T) {
	var log bytes.Buffer
	s := &directory.System{Service: service(t), Pause: time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))}
	good := user(t, "a")
	locked := user(t, "l", []string{"passwd", "-l"})
	expired := user(t, "e", []string{"chage", "-E", "2020-01-01"})
	change := user(t, "c", []string{"chage", "-d", "0"})
	for _, c := range []struct {
		name, password string
		want           directory.Verdict
	}{
		{good, right, directory.Right},
		{good, "not it", directory.Wrong},
		{good, "", directory.Wrong},
		{good, right + "\x00", directory.Wrong},
		{good + "x", right, directory.Unknown},
		{"", right, directory.Unknown},
		{"-h", right, directory.Unknown},
		{"a\nb", right, directory.Unknown},
		{locked, right, directory.Locked},
		{expired, right, directory.Expired},
		{change, right, directory.MustChange},
	} {
		if v, err := s.Check(t.Context(), c.name, c.password, ""); v != c.want || err != nil {
			t.Errorf("%s gives %q, %v; want %q", c.name, v, err, c.want)
		}
	}
	if text := log.String(); strings.Contains(text, right) || !strings.Contains(text, "locked") || !strings.Contains(text, "user="+good) {
		t.Errorf("the log is:\n%s", text)
	}

	a, err := s.Find(t.Context(), good)
	if err != nil || a.Name != good || !a.In("games") || a.In("") || a.In("root") || a.Shell != "/bin/false" {
		t.Errorf("found %+v, %v", a, err)
	}
	if b, err := s.FindID(t.Context(), a.ID); err != nil || b.Name != good {
		t.Errorf("by number: %+v, %v", b, err)
	}
	for _, nobody := range []string{good + "x", "4000000000", "-1"} {
		if _, err := s.Find(t.Context(), nobody); err == nil {
			t.Errorf("found %s", nobody)
		}
	}
}

// TestModulesAreToldWhere: the system's modules hear from which address somebody comes, and through what.
func TestModulesAreToldWhere(t *testing.T) {
	folder := t.TempDir()
	script, told := folder+"/tell", folder+"/told"
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$PAM_USER|$PAM_RHOST|$PAM_TTY\" >>"+told+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("imperohost-told-%d", os.Getpid())
	if err := os.WriteFile("/etc/pam.d/"+name, []byte("auth required pam_exec.so quiet "+script+"\naccount required pam_permit.so\n"), 0o644); err != nil {
		t.Fatalf("%v; this test wants to be root", err)
	}
	t.Cleanup(func() { os.Remove("/etc/pam.d/" + name) })
	s := &directory.System{Service: name, Pause: time.Millisecond}
	for _, from := range []string{"192.0.2.7", "2001:db8::7", ""} {
		if v, err := s.Check(t.Context(), "games", right, from); v != directory.Right || err != nil {
			t.Fatalf("from %q: %v, %v", from, v, err)
		}
	}
	if text, err := os.ReadFile(told); string(text) != "games|192.0.2.7|impero\ngames|2001:db8::7|impero\ngames||impero\n" {
		t.Errorf("they are told %q, %v", text, err)
	}
}

// TestModulesThatMisbehave: a module is others' code; what it does to its process harms nobody, and lets nobody in.
func TestModulesThatMisbehave(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"--crash", "--flood", "--hang"} {
		s := &directory.System{Program: []string{self, how}, Pause: time.Millisecond}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		if v, err := s.Check(ctx, "ann", right, ""); err == nil || v == directory.Right {
			t.Errorf("%s gives %q, %v", how, v, err)
		}
		cancel()
	}
}

// TestRefusalsTakeAsLong: what takes longer would tell what is wrong.
func TestRefusalsTakeAsLong(t *testing.T) {
	const step = 700 * time.Millisecond
	s := &directory.System{Service: service(t), Pause: step}
	name := user(t, "t")
	for _, c := range [][2]string{{name, "wrong"}, {name + "x", right}, {"", ""}} {
		start := time.Now()
		if _, err := s.Check(t.Context(), c[0], c[1], ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < step {
			t.Errorf("%q was refused after %v", c[0], took)
		}
	}
}

func FuzzChild(f *testing.F) {
	f.Add([]byte(`{"op":"name","user":"root"}`))
	f.Add([]byte(`{"op":"x"}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte("check")) {
			return // others' modules
		}
		var out bytes.Buffer
		if code := directory.Child(bytes.NewReader(text), &out); code != 0 || out.Len() == 0 {
			t.Errorf("code %d, said %q", code, &out)
		}
	})
}
