//go:build unix

package logs

import "golang.org/x/sys/unix"

// freeSpace is how many bytes a user who is not root may still write where a folder is.
func freeSpace(folder string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
