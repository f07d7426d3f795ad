package mp3

import (
	"errors"
	"fmt"
)

// AbsentError is a machine without libmp3lame.
type AbsentError struct{ Err error }

func (e *AbsentError) Error() string {
	if errors.Is(e.Err, errNoLoader) { // installing it would not help
		return errNoLoader.Error()
	}
	return fmt.Sprintf("libmp3lame cannot be loaded; install it: apt install libmp3lame0 (Debian, Ubuntu), brew install lame (macOS) (%v)", e.Err)
}

// Unwrap is the cause.
func (e *AbsentError) Unwrap() error { return e.Err }

// errNoLoader is a build for a system that libraries are not loaded on, or with the
// tag nolame.
var errNoLoader = errors.New("this build of the program loads no libraries")

// errNoMPG123 is a machine without libmpg123, or a build that loads nothing.
var errNoMPG123 = fmt.Errorf("MP3: libmpg123 cannot be loaded: %w", errors.ErrUnsupported)
