//go:build !windows

package seat

import (
	"io/fs"
	"strconv"
	"syscall"
)

// owner is the number of a file's owner.
func owner(info fs.FileInfo) string {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return strconv.FormatUint(uint64(st.Uid), 10)
	}
	return ""
}
