package faults

import "golang.org/x/sys/unix"

// audit is the processor as the filter is told of it (linux/audit.h).
const audit = unix.AUDIT_ARCH_AARCH64

// older are calls that newer processors do not have.
func older(func(string, int) call, func(string, int, int) call) map[uint32]call { return nil }
