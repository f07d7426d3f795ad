package pipeline

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Event is something that happened while an episode was made.
type Event struct {
	Source  string        // of the order
	Stage   Stage         //
	Done    bool          // the stage ended
	Err     error         // why it ended, or why a request is asked again (Wait > 0)
	Wait    time.Duration // an endpoint is asked again after this
	Count   int           // units of the stage finished: segments recorded, frames encoded
	Total   int           // units in all; 0 if not known
	Stored  int           // of Count, from the store
	Elapsed time.Duration // of the stage so far
	Finding string        // something a person should know
}

// Stage names a stage.
type Stage string

// The stages, in order.
const (
	Read    Stage = "read"
	Script  Stage = "script"
	Record  Stage = "record"
	Mix     Stage = "mix"
	Master  Stage = "master"
	Publish Stage = "publish"
)

// StageError is an error with the stage it happened in.
type StageError struct {
	Stage Stage
	Err   error
}

func (e *StageError) Error() string { return e.Err.Error() }

// Unwrap is the cause.
func (e *StageError) Unwrap() error { return e.Err }

// CostError is a plan that costs more than it may, or may do so: nothing was
// asked for.
type CostError struct {
	Cost, Limit float64
	Currency    string
	Unpriced    string // an endpoint whose price is not known; empty if all are
	Setting     string // --max-cost or limits.cost.episode
}

func (e *CostError) Error() string {
	if e.Unpriced != "" {
		return fmt.Sprintf("held: %s cannot be kept, for the endpoint %s has no price: write one as endpoints.%s.price.per_1m_chars",
			e.Setting, e.Unpriced, e.Unpriced)
	}
	return fmt.Sprintf("held: the requests would cost %s %s, over the %s of %s; nothing was asked for",
		amount(e.Cost), e.Currency, amount(e.Limit), e.Setting)
}

// amount of money to the cent, or as fine as it takes to tell it from nothing.
func amount(v float64) string {
	if v >= 0.01 || v == 0 {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// ErrDraft is a source that its author does not want published yet.
var ErrDraft = errors.New("it is a draft (draft: true in its front matter), and was left alone")
