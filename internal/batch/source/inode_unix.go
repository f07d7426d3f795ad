//go:build unix

package source

import (
	"io/fs"
	"syscall"
)

// inodeOf is the number of a file in its file system.
func inodeOf(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ino
	}
	return 0
}
