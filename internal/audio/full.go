package audio

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// FullError is a disk, or a quota, without room for a file. It is
// syscall.ENOSPC to errors.Is.
type FullError struct {
	Dir string // the file's folder
}

func (e *FullError) Error() string {
	return fmt.Sprintf("the disk is full: %s: make room and run it again", e.Dir)
}

// Is knows the cause, which the message says already.
func (e *FullError) Is(target error) bool { return target == syscall.ENOSPC }

// orFull is err, or a FullError where there was no room for a file in dir.
func orFull(err error, dir string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &FullError{Dir: dir}
	}
	return err
}

// saysFull knows a full disk by what ffmpeg says, which is the C library's
// text. ffmpeg 5.1 ends with 0 all the same.
func saysFull(said string) bool {
	return strings.Contains(said, "No space left on device") || strings.Contains(said, "Disk quota exceeded")
}
