package voices

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
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
	Billed     int   // attempts that were answered with sound, of no use as it was: most providers charge for them
	Err        error // the cause, where there is one

	most    int           // attempts that this fault is worth; 0 leaves it to the endpoint's retry
	unasked bool          // nothing was asked of the endpoint: it is down
	again   bool          // it is worth another attempt,
	wait    time.Duration // after this
}

// TimeoutError is an attempt that was ended by us: it was asked, and may be
// billed.
type TimeoutError struct {
	Idle  bool          // nothing came any more for After; else the whole answer took longer
	After time.Duration // of the endpoint's timeout
}

func (e *TimeoutError) Error() string {
	if e.Idle {
		return fmt.Sprintf("nothing came any more for %v", e.After)
	}
	return fmt.Sprintf("it took longer than %v", e.After)
}

// Timeout says that it is one, as net.Error does.
func (e *TimeoutError) Timeout() bool { return true }

// Down says whether the error of a Synthesize or a Check is an endpoint that
// is not there or not well, so that another one can take its place: nobody
// answers, or with a fault of the server's. A refusal of the request, its key
// or its voice is none.
func Down(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Advice != GiveUp || e.Status >= http.StatusInternalServerError)
}

// Attempts that a fault is worth, where that is less than the endpoint's.
const (
	paidFor = 3 // an answer came, but is of no use: it was billed
	givenUp = 2 // we stopped waiting: it may be billed, and may take as long again
	nobody  = 3 // nobody answers: a server that is starting does within seconds
)

// Error is one line: the endpoint, the reason, and the remedy behind a colon,
// which takes the place of the mark that the reason ends with.
func (e *Error) Error() string {
	s := fmt.Sprintf("endpoint %s: %s", e.Endpoint, e.Reason)
	if e.Attempts > 1 {
		s = fmt.Sprintf("%s (after %d attempts)", strings.TrimRight(s, ".,:;! "), e.Attempts)
	}
	if e.Remedy != "" {
		s = strings.TrimRight(s, ".,:;! ")
		if !strings.HasSuffix(s, "?") {
			s += ":"
		}
		s += " " + e.Remedy
	}
	return oneLine(s)
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Billed is how many answers with sound a request took that came to nothing,
// of the error of a Synthesize. Times the request's characters it is what
// most providers charge for it.
func Billed(err error) int {
	if e, ok := errors.AsType[*unkeptError](err); ok {
		return e.billed
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Billed
	}
	return 0
}

// unkeptError is a take that was spoken and could not be stored, or listened to.
type unkeptError struct {
	err    error
	billed int
}

func (e *unkeptError) Error() string { return e.err.Error() }
func (e *unkeptError) Unwrap() error { return e.err }

// unbilled is err for whoever else waited for the same request: its answers
// are counted once.
func unbilled(err error) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // what wraps it would be lost
		own := *e
		own.Billed = 0
		return &own
	}
	if e, ok := err.(*unkeptError); ok { //nolint:errorlint // as above
		return e.err
	}
	return err
}
