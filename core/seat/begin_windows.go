package seat

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// theDesktop is the one that the user of a session sees. What is started without one gets that of the service, which nobody sees and
// whose picture is nobody's.
const theDesktop = `winsta0\default`

// begin starts c with its token, at the user's desktop: package exec starts nothing there. Its Path, Args, Env, Stdout, Dir and
// WaitDelay count; standard error goes where Stdout does. The token is closed. wait waits for its end and for all it said.
func begin(c *exec.Cmd) (p *os.Process, wait func() error, err error) {
	token := windows.Token(c.SysProcAttr.Token)
	defer token.Close()
	said, says, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer says.Close()
	if p, err = create(c, token, says); err != nil {
		return nil, nil, errors.Join(err, said.Close())
	}
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		io.Copy(c.Stdout, said)
	}()
	return p, func() error {
		state, err := p.Wait()
		late := time.AfterFunc(c.WaitDelay, func() { said.Close() }) // what it started may hold the other end
		<-copied
		late.Stop()
		said.Close()
		if err == nil && !state.Success() {
			err = &exec.ExitError{ProcessState: state}
		}
		return err
	}, nil
}

// create makes the process, which inherits says and an empty standard input, nothing else.
func create(c *exec.Cmd, token windows.Token, says *os.File) (*os.Process, error) {
	empty, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer empty.Close()
	handles := []windows.Handle{windows.Handle(empty.Fd()), windows.Handle(says.Fd())}
	for _, h := range handles {
		if err := windows.SetHandleInformation(h, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
			return nil, fmt.Errorf("pass on a stream: %w", err)
		}
	}
	list, err := windows.NewProcThreadAttributeList(1)
	if err != nil {
		return nil, err
	}
	defer list.Delete()
	if err := list.Update(windows.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, unsafe.Pointer(&handles[0]), uintptr(len(handles))*unsafe.Sizeof(handles[0])); err != nil {
		return nil, err
	}
	desktop, _ := windows.UTF16PtrFromString(theDesktop)
	start := windows.StartupInfoEx{ProcThreadAttributeList: list.List(), StartupInfo: windows.StartupInfo{
		Cb: uint32(unsafe.Sizeof(windows.StartupInfoEx{})), Desktop: desktop, Flags: windows.STARTF_USESTDHANDLES,
		StdInput: handles[0], StdOutput: handles[1], StdErr: handles[1],
	}}
	program, err := windows.UTF16PtrFromString(c.Path)
	if err != nil {
		return nil, err
	}
	line, err := windows.UTF16PtrFromString(windows.ComposeCommandLine(c.Args))
	if err != nil {
		return nil, err
	}
	var made windows.ProcessInformation
	err = windows.CreateProcessAsUser(token, program, line, nil, nil, true, windows.CREATE_UNICODE_ENVIRONMENT|windows.EXTENDED_STARTUPINFO_PRESENT,
		block(c.Env), nil, &start.StartupInfo, &made)
	if err != nil {
		return nil, fmt.Errorf("create the process: %w", err)
	}
	defer windows.CloseHandle(made.Thread)
	defer windows.CloseHandle(made.Process) // keeps the number from another process until os has it
	return os.FindProcess(int(made.ProcessId))
}

// block is an environment as Windows takes it: each text ends with a zero, and all with one more.
func block(env []string) *uint16 {
	text := strings.Join(env, "\x00") + "\x00\x00"
	return &utf16.Encode([]rune(text))[0]
}
