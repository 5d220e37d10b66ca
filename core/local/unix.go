//go:build linux || darwin

package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

const (
	folderMode fs.FileMode = 0o711
	socketMode fs.FileMode = 0o666 // the system asks for the right to write before it lets somebody connect
	maxPath                = 103   // bytes, the least of the systems' limits
)

func listen(path string) (net.Listener, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("the name has %d bytes, sockets have at most %d: choose a shorter folder", len(path), maxPath)
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := clear(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// makeFolder makes the folder of a socket, or checks the one there is.
func makeFolder(folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(folder, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	var st unix.Stat_t
	if err := unix.Lstat(folder, &st); err != nil {
		return err
	}
	if int(st.Uid) != os.Geteuid() || st.Mode&unix.S_IFMT != unix.S_IFDIR || st.Mode&0o022 != 0 {
		return ErrForeignFolder
	}
	return os.Chmod(folder, folderMode)
}

// clear removes a socket that nobody listens at any more.
func clear(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errors.New("something else than a socket is there")
	}
	return os.Remove(path)
}

func dial(ctx context.Context, path string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "unix", path)
}

func refused(err error) bool { return errors.Is(err, unix.ECONNREFUSED) }

func accepted(err error) error { return err }

// peerOf asks the system who is at the other end.
func peerOf(c net.Conn) (Peer, error) {
	raw, err := c.(*net.UnixConn).SyscallConn()
	if err != nil {
		return Peer{}, err
	}
	var p Peer
	var failed error
	if err := raw.Control(func(fd uintptr) { p, failed = credentials(int(fd)) }); err != nil {
		return Peer{}, err
	}
	return p, failed
}

// listenerOf is peerOf for who dialled.
func listenerOf(c net.Conn) (Peer, error) { return peerOf(c) }

func rules(user string) bool { return user == "0" }

func own() string { return strconv.Itoa(os.Geteuid()) }
