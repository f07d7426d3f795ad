package faults

import "golang.org/x/sys/unix"

// audit is the processor as the filter is told of it (linux/audit.h).
const audit = unix.AUDIT_ARCH_X86_64

// older are calls that newer processors do not have.
func older(onPath func(string, int) call, opens func(string, int, int) call) map[uint32]call {
	return map[uint32]call{
		unix.SYS_OPEN:    opens("open", 0, 1),
		unix.SYS_CREAT:   onPath("creat", 0),
		unix.SYS_MKDIR:   onPath("mkdir", 0),
		unix.SYS_RMDIR:   onPath("rmdir", 0),
		unix.SYS_UNLINK:  onPath("unlink", 0),
		unix.SYS_RENAME:  onPath("rename", 1),
		unix.SYS_LINK:    onPath("link", 1),
		unix.SYS_SYMLINK: onPath("symlink", 1),
		unix.SYS_CHMOD:   onPath("chmod", 0),
	}
}
