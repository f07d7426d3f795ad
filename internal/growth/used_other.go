//go:build !linux

package growth

import "time"

var start = time.Now()

// used is the time by the clock, where the system does not say what a thread
// has had: other work is in it, and Linear tries again.
func used() time.Duration { return time.Since(start) }
