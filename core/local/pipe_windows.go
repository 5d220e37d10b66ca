package local

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// access is what a client needs of a pipe: to read, to write, to see whose it is. FILE_CREATE_PIPE_INSTANCE (4), which GENERIC_WRITE
// has in it, is not: who may make more pipes of a daemon's name would pass for the daemon.
const access = (windows.FILE_GENERIC_READ | windows.FILE_GENERIC_WRITE) &^ createInstance

const createInstance = 4

// pipeRights let the system and administrators do all, and whoever is logged on here connect; over the network nobody does.
var pipeRights = fmt.Sprintf("D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;%#x;;;IU)(A;;GRGW;;;OW)", access)

// listen fails if another program has made the first pipe of this name. The pipe belongs to the administrators if this program may
// give it to them, whoever of them runs it; else to its user.
func listen(path string) (net.Listener, error) {
	l, err := listenAs(path, "BA")
	if errors.Is(err, windows.ERROR_INVALID_OWNER) {
		return listenAs(path, own())
	}
	return l, err
}

func listenAs(path, owner string) (net.Listener, error) {
	return winio.ListenPipe(path, &winio.PipeConfig{SecurityDescriptor: "O:" + owner + pipeRights, InputBufferSize: 64 << 10, OutputBufferSize: 64 << 10})
}

func dial(ctx context.Context, path string) (net.Conn, error) {
	return winio.DialPipeAccess(ctx, path, access)
}

func refused(error) bool { return false }

func accepted(err error) error {
	if errors.Is(err, winio.ErrPipeListenerClosed) {
		return net.ErrClosed
	}
	return err
}

func handleOf(c net.Conn) (windows.Handle, error) {
	f, ok := c.(interface{ Fd() uintptr })
	if !ok {
		return 0, errors.New("the pipe has no handle")
	}
	return windows.Handle(f.Fd()), nil
}

// peerOf asks whose process the client is. A process that has ended has no answer, and its number may be another's only
// once it has: the pipe holds it no longer than that.
func peerOf(c net.Conn) (Peer, error) {
	h, err := handleOf(c)
	if err != nil {
		return Peer{}, err
	}
	var process uint32
	if err := windows.GetNamedPipeClientProcessId(h, &process); err != nil {
		return Peer{}, fmt.Errorf("ask for the client's process: %w", err)
	}
	user, err := userOf(process)
	return Peer{User: user, Process: int(process)}, err
}

// userOf is the SID of a process's user.
func userOf(process uint32) (string, error) {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, process)
	if err != nil {
		return "", fmt.Errorf("open process %d: %w", process, err)
	}
	defer windows.CloseHandle(h)
	var token windows.Token
	if err := windows.OpenProcessToken(h, windows.TOKEN_QUERY, &token); err != nil {
		return "", fmt.Errorf("ask for the user of process %d: %w", process, err)
	}
	defer token.Close()
	u, err := token.GetTokenUser()
	if err != nil {
		return "", fmt.Errorf("ask for the user of process %d: %w", process, err)
	}
	return u.User.Sid.String(), nil
}

// listenerOf says who made the pipe: a user may not look into the processes of others.
func listenerOf(c net.Conn) (Peer, error) {
	h, err := handleOf(c)
	if err != nil {
		return Peer{}, err
	}
	sd, err := windows.GetSecurityInfo(h, windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return Peer{}, fmt.Errorf("ask for the pipe's owner: %w", err)
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return Peer{}, fmt.Errorf("ask for the pipe's owner: %w", err)
	}
	var process uint32
	windows.GetNamedPipeServerProcessId(h, &process) // for messages alone
	return Peer{User: owner.String(), Process: int(process)}, nil
}

// rules: the system, or the administrators, who own what one of them makes.
func rules(user string) bool { return user == "S-1-5-18" || user == "S-1-5-32-544" }

func own() string {
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "nobody"
	}
	return u.User.Sid.String()
}
