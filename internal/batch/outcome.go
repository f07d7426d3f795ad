package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// State is what became of a post in a run.
type State string

// The states.
const (
	StateMade      State = "made"
	StateUnchanged State = "unchanged" // its episode was as it would have come out
	StateHeld      State = "held"      // made, and kept back by the show's gate
	StateDraft     State = "draft"     // its author does not want it published yet
	StateFailed    State = "failed"    // set aside: somebody must look at it
	StateWaiting   State = "waiting"   // for what is not there yet
	StateCancelled State = "cancelled"
	StateReplaced  State = "replaced"  // by a newer revision
	StateElsewhere State = "elsewhere" // another run has its job, and counts it
)

// Outcome is what became of a post. The last one of each is kept as a record.
type Outcome struct {
	Job      int64     `json:"job"`
	Run      string    `json:"run"`
	Episode  string    `json:"episode"` // ID
	Revision string    `json:"revision"`
	Title    string    `json:"title,omitempty"`
	Location string    `json:"location"`
	Source   string    `json:"source"`
	State    State     `json:"state"`
	Dirs     []string  `json:"dirs,omitempty"`
	GUID     string    `json:"guid,omitempty"` // of the post in its feed
	As       []string  `json:"as,omitempty"`   // IDs of the episodes, as their documents have them
	Made     int       `json:"made"`           // takes recorded
	Reused   int       `json:"reused"`         // segments spoken by stored takes
	Sent     int       `json:"characters"`     // answered
	Cost     float64   `json:"cost"`
	Currency string    `json:"currency,omitempty"`
	Length   float64   `json:"length"`  // of the episodes, in seconds
	Seconds  float64   `json:"seconds"` // that it took
	Attempts int       `json:"attempts"`
	Crashes  int       `json:"crashes,omitempty"` // deaths of its workers
	At       time.Time `json:"at,omitzero"`
	Reason   string    `json:"reason,omitempty"` // why it failed, is held or waits
	Excerpt  string    `json:"excerpt,omitempty"`
	Findings []string  `json:"findings,omitempty"`
	Reasons  []string  `json:"held,omitempty"` // for which the gate keeps it back
}

func newOutcome(p payload, j *queue.Job) *Outcome {
	it := p.Item
	return &Outcome{
		Job: j.ID, Run: p.Run, Episode: it.ID, Revision: it.Revision(), Title: it.Title, Location: it.Location, Source: it.Source, GUID: it.GUID,
		State: StateUnchanged, Attempts: j.Attempt, Crashes: j.Crashes,
	}
}

// add counts an episode that is made.
func (o *Outcome) add(r *pipeline.Result) {
	if o.State != StateHeld {
		o.State = StateMade
	}
	o.take(r)
	o.Made += r.Made
	o.Sent += r.Sent
	o.Cost += r.Cost
}

// tally is what it has asked for.
func (o *Outcome) tally() tally { return tally{o.Made, o.Reused, o.Sent, o.Cost} }

func (o *Outcome) set(t tally) {
	o.Made, o.Reused, o.Sent, o.Cost = t.Made, max(0, t.Reused), t.Sent, t.Cost
}

// unchanged counts an episode that was as it would have come out.
func (o *Outcome) unchanged(r *pipeline.Result) { o.take(r) }

func (o *Outcome) take(r *pipeline.Result) {
	o.Dirs = append(o.Dirs, r.Dir)
	o.As = append(o.As, r.Episode.ID)
	o.Reused += r.Reused
	if r.Held {
		o.State = StateHeld
		o.Reasons = append(o.Reasons, publish.Sentences(gate.Reasons(r.Gate))...)
	}
	o.Currency = r.Currency
	o.Length += float64(r.Episode.Length)
	o.Findings = append(o.Findings, r.Findings...)
	if o.Title == "" {
		o.Title = r.Episode.Title
	}
}

// withRecord is what the transaction does that ends a job.
func (b *Batch) withRecord(ctx context.Context, s *show, p payload, out *Outcome, put func() error) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		if put != nil {
			if err := put(); err != nil {
				return err
			}
		}
		return b.put(ctx, tx, kindEpisode+s.name, p.Item.ID, out)
	}
}

// outcome is the last outcome of an episode; nil where none is known.
func (b *Batch) outcome(ctx context.Context, show, episode string) (*Outcome, error) {
	rec, err := b.queue.Record(ctx, kindEpisode+show, episode)
	if errors.Is(err, queue.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &Outcome{}
	return out, json.Unmarshal(rec.Value, out)
}

// Outcomes are the last ones of a show's episodes, by ID.
func (b *Batch) Outcomes(ctx context.Context, show string) (map[string]*Outcome, error) {
	recs, err := b.queue.Records(ctx, kindEpisode+show)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Outcome, len(recs))
	for _, r := range recs {
		o := &Outcome{}
		if err := json.Unmarshal(r.Value, o); err != nil {
			continue // of another version: it will be written anew
		}
		out[r.Key] = o
	}
	return out, nil
}

// Title is that of the post that a job is for, or where it stands; empty for a
// job that makes no episode.
func Title(e queue.Entry) string {
	var p payload
	if json.Unmarshal(e.Payload, &p) != nil || p.Item == nil {
		return ""
	}
	return cmp.Or(p.Item.Title, p.Item.Location)
}
