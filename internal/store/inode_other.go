//go:build !unix

package store

import "io/fs"

// inode is the number of a file on its disk; it is not to be had here.
func inode(fs.FileInfo) uint64 { return 0 }
