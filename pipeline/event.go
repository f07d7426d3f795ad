package pipeline

import (
	"errors"
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

// ErrDraft is a source that its author does not want published yet.
var ErrDraft = errors.New("it is a draft (draft: true in its front matter), and was left alone")
