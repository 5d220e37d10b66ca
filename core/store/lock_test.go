package store

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// holdVariable makes this test binary a second program that holds a lock until
// its standard input ends.
const holdVariable = "IMPERO_TEST_HOLD_LOCK"

func TestMain(m *testing.M) {
	if folder := os.Getenv(holdVariable); folder != "" {
		os.Exit(hold(folder))
	}
	os.Exit(m.Run())
}

func hold(folder string) int {
	if _, err := Lock(folder, "host"); err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		return 1
	}
	os.Stdout.WriteString("held\n")
	io.Copy(io.Discard, os.Stdin)
	return 0 // without Close: the end of the process must give it back
}

func TestLockKeepsAnotherProgramOut(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "host")
	other := exec.Command(os.Args[0], "-test.run=^$")
	other.Env = append(os.Environ(), holdVariable+"="+folder)
	input, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other program says %q, %v", line, err)
	}

	var running *RunningError
	if _, err := Lock(folder, "host"); !errors.As(err, &running) {
		t.Fatalf("got %v", err)
	}
	if running.Process != other.Process.Pid {
		t.Errorf("it names process %d, not %d", running.Process, other.Process.Pid)
	}
	if !strings.Contains(running.Error(), "already running") {
		t.Errorf("the message is %q", running)
	}
	if lock, err := Lock(folder, "guest"); err != nil {
		t.Errorf("another name: %v", err)
	} else if err := lock.Close(); err != nil {
		t.Error(err)
	}

	input.Close()
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	lock, err := Lock(folder, "host")
	if err != nil {
		t.Fatalf("after it ended: %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Error(err)
	}
}

func TestLockTwiceInOneProgram(t *testing.T) {
	folder := t.TempDir()
	lock, err := Lock(folder, "host")
	if err != nil {
		t.Fatal(err)
	}
	var running *RunningError
	if _, err := Lock(folder, "host"); !errors.As(err, &running) || running.Process != os.Getpid() {
		t.Errorf("second lock: %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(folder, "host")
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestLockWhereNoFolderCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var running *RunningError
	if _, err := Lock(file, "host"); err == nil || errors.As(err, &running) {
		t.Errorf("got %v", err)
	}
}
