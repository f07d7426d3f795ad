//go:build amd64 || arm64

package faults

import "golang.org/x/sys/unix"

// call is a system call that may change a file or a name. Which argument is what
// is from its page in section 2 of the manual; none is -1.
type call struct {
	name string
	fd   int // of the file
	path int
	size int // bytes to write
	buf  int // where they are
	off  int // where in the file they go
	open int // flags: it only matters where the file may be made or emptied
}

// calls are those of every processor, by number. What was replaced by a call
// ending in "at" is in the processor's own file.
func calls() map[uint32]call {
	onFile := func(name string) call { return call{name: name, fd: 0, path: -1, size: -1, buf: -1, off: -1, open: -1} }
	onPath := func(name string, path int) call {
		return call{name: name, fd: -1, path: path, size: -1, buf: -1, off: -1, open: -1}
	}
	opens := func(name string, path, flags int) call {
		c := onPath(name, path)
		c.open = flags
		return c
	}
	write, pwrite := onFile("write"), onFile("pwrite64")
	write.buf, write.size = 1, 2
	pwrite.buf, pwrite.size, pwrite.off = 1, 2, 3
	all := map[uint32]call{
		unix.SYS_WRITE:           write,
		unix.SYS_PWRITE64:        pwrite,
		unix.SYS_WRITEV:          onFile("writev"),
		unix.SYS_PWRITEV:         onFile("pwritev"),
		unix.SYS_FSYNC:           onFile("fsync"),
		unix.SYS_FDATASYNC:       onFile("fdatasync"),
		unix.SYS_FTRUNCATE:       onFile("ftruncate"),
		unix.SYS_FALLOCATE:       onFile("fallocate"),
		unix.SYS_FCHMOD:          onFile("fchmod"),
		unix.SYS_COPY_FILE_RANGE: copies(onFile("copy_file_range")),
		unix.SYS_TRUNCATE:        onPath("truncate", 0),
		unix.SYS_OPENAT:          opens("openat", 1, 2),
		unix.SYS_MKDIRAT:         onPath("mkdirat", 1),
		unix.SYS_UNLINKAT:        onPath("unlinkat", 1),
		unix.SYS_RENAMEAT:        onPath("renameat", 3),
		unix.SYS_RENAMEAT2:       onPath("renameat2", 3),
		unix.SYS_LINKAT:          onPath("linkat", 3),
		unix.SYS_SYMLINKAT:       onPath("symlinkat", 2),
		unix.SYS_FCHMODAT:        onPath("fchmodat", 1),
	}
	for nr, c := range older(onPath, opens) {
		all[nr] = c
	}
	return all
}

// copies has the file that is written to.
func copies(c call) call {
	c.fd = 2
	return c
}
