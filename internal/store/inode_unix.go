//go:build unix

package store

import (
	"io/fs"
	"syscall"
)

// inode is the number of a file on its disk.
func inode(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Ino) //nolint:unconvert // of 32 bits on some systems
	}
	return 0
}
