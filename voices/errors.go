package voices

import (
	"fmt"
	"time"
)

// Advice says what an endpoint's error calls for.
type Advice int

// The advice.
const (
	GiveUp Advice = iota // asking again cannot help
	Again                // a passing fault
	Wait                 // too fast: ask again after a while
)

// Error is an endpoint's refusal or failure. Its text never holds a secret.
type Error struct {
	Endpoint   string
	Status     int           // HTTP status, or exit code of a command; 0 without an answer
	Reason     string        // one line, from the answer where it has one
	Remedy     string        // what to do, one line; may be empty
	RequestID  string        // the provider's
	RetryAfter time.Duration // as the endpoint asked; 0 if it did not
	Advice     Advice
	Attempts   int   // made in all
	Err        error // the cause, where there is one

	most int // attempts that this fault is worth; 0 leaves it to the endpoint's retry
}

// Attempts that a fault is worth, where that is less than the endpoint's.
const (
	paidFor = 3 // an answer came, but is of no use: it was billed
	givenUp = 2 // we stopped waiting: it may be billed, and may take as long again
	nobody  = 3 // nobody answers: a server that is starting does within seconds
)

func (e *Error) Error() string {
	s := fmt.Sprintf("endpoint %s: %s", e.Endpoint, e.Reason)
	if e.Attempts > 1 {
		s += fmt.Sprintf(" (after %d attempts)", e.Attempts)
	}
	if e.Remedy != "" {
		s += ": " + e.Remedy
	}
	return s
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }
