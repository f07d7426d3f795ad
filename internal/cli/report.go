package cli

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// runReport is what a run of produce did: the document that --json writes.
type runReport struct {
	Version     int       `json:"version"` // of this document's shape
	Interrupted bool      `json:"interrupted,omitempty"`
	Results     []outcome `json:"results"` // in the order of the sources
	Totals      runTotals `json:"totals"`
}

// The statuses of an outcome.
const (
	statusMade      = "made"
	statusUnchanged = "unchanged"
	statusPlanned   = "planned" // --dry-run
	statusFailed    = "failed"
	statusHeld      = "held"
	statusDraft     = "draft" // left alone, as its author wants
)

// outcome is what became of one source.
type outcome struct {
	Source     string           `json:"source"`
	Status     string           `json:"status"`
	Dir        string           `json:"dir,omitempty"`
	Kept       string           `json:"kept,omitempty"`    // why it is unchanged, where that is not plain
	Changes    []string         `json:"changes,omitempty"` // of an episode that was made again, or would be: what is not as it was
	Episode    *podcast.Episode `json:"episode,omitempty"`
	Engine     string           `json:"engine,omitempty"` // where the program found the voices itself
	Made       int              `json:"made"`             // takes
	Reused     int              `json:"reused"`           // segments spoken by stored takes
	Characters int              `json:"characters"`       // sent to endpoints
	Cost       float64          `json:"cost"`
	Currency   string           `json:"currency,omitempty"`
	Endpoints  []publish.Bill   `json:"endpoints,omitempty"` // what each was asked for and answered
	Priced     bool             `json:"priced"`              // whether every voice of the show has a price
	Seconds    float64          `json:"seconds"`             // that it took
	Files      []string         `json:"files,omitempty"`
	Findings   []string         `json:"findings,omitempty"`
	Gate       []gate.Finding   `json:"gate,omitempty"` // what the gate holds or warns of
	Plan       *planTotals      `json:"plan,omitempty"` // of a dry run
	Error      *outcomeError    `json:"error,omitempty"`

	err error
}

// kindInterrupted is the kind of an outcome's error when the run was stopped.
const kindInterrupted = "interrupted"

// planTotals are a plan's totals and its estimated length.
type planTotals struct {
	pipeline.Totals
	Length float64 `json:"length"` // seconds, estimated
}

// outcomeError says why a source was not made.
type outcomeError struct {
	Message string `json:"message"`
	Stage   string `json:"stage,omitempty"`
	Kind    string `json:"kind"` // usage, configuration, source, endpoint, track, cost, gate, program, take, interrupted, other
}

// runTotals count outcomes and what they cost.
type runTotals struct {
	Sources    int     `json:"sources"`
	Done       int     `json:"made"`
	Unchanged  int     `json:"unchanged"`
	Planned    int     `json:"planned,omitempty"`
	Failed     int     `json:"failed"`
	Held       int     `json:"held"`
	Drafts     int     `json:"drafts,omitempty"`
	Left       int     `json:"left,omitempty"` // not finished when the run was interrupted
	Takes      int     `json:"takes"`          // recorded
	Reused     int     `json:"reused"`
	Characters int     `json:"characters"`
	Cost       float64 `json:"cost"`
	Currency   string  `json:"currency,omitempty"`
	Seconds    float64 `json:"seconds"`
}

// add counts an outcome. Costs in another currency than the first are left
// out of the sum: each result has its own.
func (r *runReport) add(o outcome) {
	r.Results = append(r.Results, o)
	t := &r.Totals
	switch o.Status {
	case statusMade:
		t.Done++
	case statusUnchanged:
		t.Unchanged++
	case statusPlanned:
		t.Planned++
	case statusHeld:
		t.Held++
	case statusDraft:
		t.Drafts++
	default:
		if o.Error != nil && o.Error.Kind == kindInterrupted {
			t.Left++
			r.Interrupted = true
			break
		}
		t.Failed++
	}
	t.Takes += o.Made
	t.Reused += o.Reused
	t.Characters += o.Characters
	if t.Currency == "" {
		t.Currency = o.Currency
	}
	if o.Currency == t.Currency {
		t.Cost += o.Cost
	}
}

// exit is the code that a run ends with.
func (r *runReport) exit() code {
	t := r.Totals
	bad := t.Failed + t.Held
	switch {
	case r.Interrupted:
		return interrupted
	case bad == 0:
		return done
	case r.misused():
		return misused
	case t.Failed == len(r.Results):
		return failed
	default:
		return partly
	}
}

// misused says that nothing was begun, for the command line or the
// configuration is wrong for every source.
func (r *runReport) misused() bool {
	for _, o := range r.Results {
		if o.err == nil || codeOf(context.Background(), o.err) != misused {
			return false
		}
	}
	return true
}

// explain is an error as the report has it.
func explain(ctx context.Context, source string, err error) *outcomeError {
	e := &outcomeError{Message: located(source, err), Kind: kindOf(ctx, err)}
	var stage *pipeline.StageError
	if errors.As(err, &stage) {
		e.Stage = string(stage.Stage)
	}
	return e
}

func kindOf(ctx context.Context, err error) string {
	var (
		usage    *usageError
		stage    *pipeline.StageError
		endpoint *voices.Error
		track    *record.TrackError
		missing  *pipeline.MissingError
		held     *pipeline.HeldError
	)
	switch {
	case ctx.Err() != nil:
		return kindInterrupted
	case errors.As(err, &usage):
		return "usage"
	case isConfig(err):
		return "configuration"
	case errors.As(err, &held):
		return "gate"
	case isHeld(err):
		return "cost"
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, audio.ErrNoFFmpeg):
		return "program"
	case errors.As(err, &endpoint):
		return "endpoint"
	case errors.As(err, &missing):
		return "take"
	case errors.As(err, &track):
		return "track"
	case errors.As(err, &stage) && (stage.Stage == pipeline.Read || stage.Stage == pipeline.Script):
		return "source"
	default:
		return "other"
	}
}

// located is an error's text with the source it is about, where the text does
// not begin with a place of its own.
func located(source string, err error) string {
	text, name := err.Error(), source
	if source == stdin {
		name = "standard input"
		if rest, ok := strings.CutPrefix(text, stdin+":"); ok {
			return name + ":" + rest
		}
	}
	if isConfig(err) || strings.HasPrefix(text, name) {
		return text
	}
	return name + ": " + text
}
