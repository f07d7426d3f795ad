package mp3

import (
	"errors"
	"strings"
	"testing"
)

// TestAbsent tells to install the library where that helps, and only there.
func TestAbsent(t *testing.T) {
	t.Parallel()
	if s := (&AbsentError{Err: errors.New("no such file")}).Error(); !strings.Contains(s, "apt install libmp3lame0") || !strings.Contains(s, "no such file") {
		t.Errorf("a machine without it is told %q", s)
	}
	if s := (&AbsentError{Err: errNoLoader}).Error(); strings.Contains(s, "install") {
		t.Errorf("who has a build that cannot load it is told %q", s)
	}
}
