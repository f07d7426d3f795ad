package batch

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
)

// Wish asks for a run.
type Wish struct {
	Show     string          // as ShowName has it
	Schedule string          // that asks; empty for a person
	Slot     time.Time       // of the schedule
	Sources  []config.Source // that are looked through
	Limit    int             // most episodes; 0 is no limit
	MaxCost  float64         // of the run, in the endpoints' currency; 0 is none beside the show's

	// Rebuild makes episodes of what has not changed, too: they come out as the
	// show's settings have them now, of stored takes where those fit.
	Rebuild bool

	behind bool // it waits until the run before it has ended
}

// place is a source with the folder that it is relative to, which the show's
// file does not name.
type place struct {
	bare
	Dir string `json:"dir"`
}

// bare is a source without its methods: in JSON it is no text.
type bare config.Source

// The kinds of records. An episode's is behind its show's name.
const (
	kindRun     = "run"
	kindEpisode = "episode "
)

// run is what is written down of a run.
type run struct {
	ID       string    `json:"id"`
	Show     string    `json:"show"`
	Schedule string    `json:"schedule,omitempty"`
	Slot     time.Time `json:"slot,omitzero"`
	Rebuild  bool      `json:"rebuild,omitempty"`
	Asked    time.Time `json:"asked"`
	Lister   int64     `json:"lister"` // the job that lists
	Listed   bool      `json:"listed,omitempty"`
	Ended    bool      `json:"ended,omitempty"`
	Ender    string    `json:"ender,omitempty"` // the worker that ends it

	// Of the listing.
	Jobs      []int64   `json:"jobs,omitempty"` // of the episodes that were ordered
	Unchanged int       `json:"unchanged,omitempty"`
	Withdrawn []string  `json:"withdrawn,omitempty"` // episodes whose posts are gone
	Drafts    int       `json:"drafts,omitempty"`
	Over      int       `json:"over,omitempty"` // posts beyond the limit, for the next run
	Problems  []Problem `json:"problems,omitempty"`
	Findings  []string  `json:"findings,omitempty"`
	MaxCost   float64   `json:"max_cost,omitempty"`
	Totals    *Totals   `json:"totals,omitempty"` // of one that has ended
	Waits     *payload  `json:"waits,omitempty"`  // its listing, while it waits for the run before it to end
}

// payload is what the queue carries for a job.
type payload struct {
	Run     string       `json:"run"`
	List    *listing     `json:"list,omitempty"` // of a job that lists
	Item    *source.Item `json:"item,omitempty"` // of a job that makes an episode
	MaxCost float64      `json:"max_cost,omitempty"`
}

// listing is what a job that lists is to do.
type listing struct {
	Sources []place `json:"sources"`
	Limit   int     `json:"limit,omitempty"`
	Rebuild bool    `json:"rebuild,omitempty"`
}

// id names a run after its schedule and slot, or after when it was asked for.
func (w Wish) id(now time.Time) string {
	if w.Schedule != "" && !w.Slot.IsZero() {
		return fmt.Sprintf("%s-%s", w.Slot.UTC().Format("20060102T150405Z"), w.Schedule)
	}
	return now.UTC().Format("20060102T150405.000Z")
}

// Begin asks for a run, and gives its ID. Whoever works on the queue carries it
// out.
func (b *Batch) Begin(ctx context.Context, w Wish) (string, error) {
	var id string
	err := b.queue.Transact(ctx, func(tx *sql.Tx) error {
		var err error
		id, err = b.begin(ctx, tx, w)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("begin a run of %s: %w", w.Show, err)
	}
	return id, nil
}

func (b *Batch) begin(ctx context.Context, tx *sql.Tx, w Wish) (string, error) {
	now := b.o.Now()
	r := run{
		ID: w.id(now), Show: w.Show, Schedule: w.Schedule, Slot: w.Slot, Rebuild: w.Rebuild, MaxCost: w.MaxCost, Asked: now.UTC(),
	}
	l := &listing{Limit: w.Limit, Rebuild: w.Rebuild}
	for _, s := range w.Sources {
		l.Sources = append(l.Sources, place{bare: bare(s), Dir: s.Dir})
	}
	p := payload{Run: r.ID, List: l, MaxCost: w.MaxCost}
	if w.behind {
		r.Waits = &p
		return r.ID, b.put(ctx, tx, kindRun, r.ID, r)
	}
	return r.ID, b.list(ctx, tx, &r, p)
}

// list orders the listing of a run.
func (b *Batch) list(ctx context.Context, tx *sql.Tx, r *run, p payload) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	made, err := b.queue.InsertTx(ctx, tx, queue.Order{Show: r.Show, Episode: "run " + r.ID, Revision: r.ID, Payload: body})
	if err != nil {
		return err
	}
	r.Lister, r.Waits = made[0].ID, nil
	return b.put(ctx, tx, kindRun, r.ID, r)
}

// put writes a record.
func (b *Batch) put(ctx context.Context, tx *sql.Tx, kind, key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.queue.Put(ctx, tx, queue.Record{Kind: kind, Key: key, Value: value})
}

// run is the run of an ID.
func (b *Batch) run(ctx context.Context, id string) (*run, error) {
	rec, err := b.queue.Record(ctx, kindRun, id)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	r := &run{}
	if err := json.Unmarshal(rec.Value, r); err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	return r, nil
}

// reports is the folder, hidden among the episodes, of the runs' reports.
const reports = ".runs"

// ReportDir is the folder of the reports of a show's runs.
func ReportDir(cfg *config.Config) string { return filepath.Join(cfg.Output.Dir, reports) }
