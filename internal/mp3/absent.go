package mp3

import "fmt"

// AbsentError is a machine without libmp3lame.
type AbsentError struct{ Err error }

func (e *AbsentError) Error() string {
	return fmt.Sprintf("libmp3lame cannot be loaded; install it: apt install libmp3lame0 (Debian, Ubuntu), brew install lame (macOS) (%v)", e.Err)
}

// Unwrap is the cause.
func (e *AbsentError) Unwrap() error { return e.Err }
