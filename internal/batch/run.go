package batch

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline/publish"
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

	behind   bool   // it waits until the run before it has ended
	attended string // the process that waits for it, as the queue calls it
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
	Attended string    `json:"attended,omitempty"` // the process that waits for it: it ends with that
	Lister   int64     `json:"lister"`             // the job that lists; 0 where jobs are tried again, and nothing is listed
	Listed   bool      `json:"listed,omitempty"`
	Ended    bool      `json:"ended,omitempty"`
	Ender    string    `json:"ender,omitempty"` // the worker that ends it

	After *aftermath `json:"after,omitempty"` // that came of what comes after it; while it is not Ended

	// Of the listing.
	Jobs      []int64          `json:"jobs,omitempty"`      // of the episodes that were ordered; no other run that has not ended has them
	Elsewhere map[int64]string `json:"elsewhere,omitempty"` // jobs that it waits for, by the run that has each of them
	Unchanged int              `json:"unchanged,omitempty"`
	Gone      []string         `json:"gone,omitempty"`      // episodes whose posts are gone, and that are kept
	Withdrawn []string         `json:"withdrawn,omitempty"` // that were taken out of the feed, for their posts are gone
	Restored  []string         `json:"restored,omitempty"`  // whose posts are there again
	Drafts    int              `json:"drafts,omitempty"`
	Over      int              `json:"over,omitempty"` // posts beyond the limit, for the next run
	Problems  []Problem        `json:"problems,omitempty"`
	Findings  []string         `json:"findings,omitempty"`
	MaxCost   float64          `json:"max_cost,omitempty"`
	Totals    *Totals          `json:"totals,omitempty"` // of one that has ended
	Waits     *payload         `json:"waits,omitempty"`  // its listing, while it waits for the run before it to end

	was json.RawMessage // as it was read
}

// payload is what the queue carries for a job.
type payload struct {
	Run     string       `json:"run"`
	List    *listing     `json:"list,omitempty"` // of a job that lists
	Item    *source.Item `json:"item,omitempty"` // of a job that makes an episode
	MaxCost float64      `json:"max_cost,omitempty"`
	Purse   string       `json:"purse,omitempty"` // the run whose budget it spends, where that is another
}

// purse is the run whose budget a job spends: a job that is tried again after its
// run has ended spends what that has left.
func (p payload) purse() string { return cmp.Or(p.Purse, p.Run) }

// listing is what a job that lists is to do.
type listing struct {
	Sources []place `json:"sources"`
	Limit   int     `json:"limit,omitempty"`
	Rebuild bool    `json:"rebuild,omitempty"`
}

// id names a run after its slot, schedule and show, or after when it was asked
// for: no two runs of a database have the same. It is the name of a file, too.
func (w Wish) id(now time.Time) string {
	if w.Schedule != "" && !w.Slot.IsZero() {
		return fmt.Sprintf("%s-%s-%s", w.Slot.UTC().Format("20060102T150405Z"), named(w.Schedule), named(w.Show))
	}
	return fmt.Sprintf("%s-%s", now.UTC().Format("20060102T150405Z"), strings.ToLower(rand.Text()[:6]))
}

// named is a name as a file's name has it. Other names stay others.
func named(name string) string {
	slug := publish.Slug(name)
	if slug == name {
		return slug
	}
	sum := sha256.Sum256([]byte(name))
	return slug[:min(len(slug), 40)] + "-" + hex.EncodeToString(sum[:4])
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
		ID: w.id(now), Show: w.Show, Schedule: w.Schedule, Slot: w.Slot, Rebuild: w.Rebuild, MaxCost: w.MaxCost, Asked: now.UTC(), Attended: w.attended,
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

// wake orders the listing of a run that waited. Of several who see that it may
// begin, one does it.
func (b *Batch) wake(ctx context.Context, r *run) error {
	return b.queue.Transact(ctx, func(tx *sql.Tx) error {
		p, woken := *r.Waits, *r
		woken.Waits = nil
		value, err := json.Marshal(woken)
		if err != nil {
			return err
		}
		ours, err := b.queue.SwapTx(ctx, tx, r.was, queue.Record{Kind: kindRun, Key: r.ID, Value: value})
		if err != nil || !ours {
			return err
		}
		return b.list(ctx, tx, &woken, p)
	})
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
	r := &run{was: rec.Value}
	if err := json.Unmarshal(rec.Value, r); err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	return r, nil
}

// reports is the folder, hidden among the episodes, of the runs' reports.
const reports = ".runs"

// ReportDir is the folder of the reports of a show's runs.
func ReportDir(cfg *config.Config) string { return filepath.Join(cfg.Output.Dir, reports) }
