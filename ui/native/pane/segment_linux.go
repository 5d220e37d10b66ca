package pane

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// newSegment makes a System V shared memory segment of size bytes that only this
// user may open. attach lets the X server take it by its id; after that the id is
// removed, so that nothing stays behind even if this process is killed.
func newSegment(size int, attach func(id uint32) error) ([]byte, error) {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o600)
	if err != nil {
		return nil, fmt.Errorf("create shared memory: %w", err)
	}
	defer unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	mem, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("attach shared memory: %w", err)
	}
	if err := attach(uint32(id)); err != nil {
		unix.SysvShmDetach(mem)
		return nil, err
	}
	return mem, nil
}

func freeSegment(mem []byte) error { return unix.SysvShmDetach(mem) }
