package growth

import (
	"syscall"
	"time"
)

// used is the time this thread has had on a processor: getrusage(2).
func used() time.Duration {
	const thread = 1 // RUSAGE_THREAD of sys/resource.h
	var u syscall.Rusage
	if err := syscall.Getrusage(thread, &u); err != nil {
		panic(err) // the call cannot fail with these arguments
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
