package mp3

import (
	"errors"
	"fmt"
)

// AbsentError is a machine without libmp3lame.
type AbsentError struct{ Err error }

func (e *AbsentError) Error() string {
	return fmt.Sprintf("libmp3lame cannot be loaded; install it: apt install libmp3lame0 (Debian, Ubuntu), brew install lame (macOS) (%v)", e.Err)
}

// Unwrap is the cause.
func (e *AbsentError) Unwrap() error { return e.Err }

// errNoMPG123 is a machine without libmpg123, or a build that loads nothing.
var errNoMPG123 = fmt.Errorf("MP3: libmpg123 cannot be loaded: %w", errors.ErrUnsupported)
