package mp4

import (
	"bytes"
	"errors"
	"testing"
)

// A box of a great many empty ones is broken, and costs no memory.
func TestSplitBounded(t *testing.T) {
	t.Parallel()
	empty := []byte{0, 0, 0, 8, 'f', 'r', 'e', 'e'}
	if boxes, err := split(bytes.Repeat(empty, mostInner)); err != nil || len(boxes) != mostInner {
		t.Errorf("%d boxes, %v", len(boxes), err)
	}
	if boxes, err := split(bytes.Repeat(empty, 1<<20)); !errors.Is(err, ErrBroken) {
		t.Errorf("%d boxes, %v", len(boxes), err)
	}
}
