package source

import (
	"errors"
	"testing"
)

// TestTemporary asks again later where nobody answered, and nowhere else.
func TestTemporary(t *testing.T) {
	t.Parallel()
	for reason, want := range map[Reason]bool{NoAnswer: true, Unsettled: true, Login: false, ErrorPage: false} {
		if got := (&Problem{Reason: reason, Err: errors.New("why")}).Temporary(); got != want {
			t.Errorf("%s may succeed later: %v", reason, got)
		}
	}
}
