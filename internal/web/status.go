package web

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/calendar"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

//go:embed status.html
var statusHTML string

// Status is everything at a glance.
type Status struct {
	Version int       `json:"version"` // of this document's shape
	Program string    `json:"program"`
	Now     time.Time `json:"now"`
	Started time.Time `json:"started"`
	Roles   []string  `json:"roles"`
	Missing []string  `json:"missing"` // for work
	Shows   []Show    `json:"shows"`
	Queues  []Queue   `json:"queues"`
}

// Show is a show as it is served.
type Show struct {
	Name   string    `json:"name"`
	Title  string    `json:"title,omitempty"`
	File   string    `json:"file"`
	Loaded time.Time `json:"loaded"`
	Faults []string  `json:"faults,omitempty"` // of its file as it is now; what was read before goes on
	Slots  []Slot    `json:"slots,omitempty"`  // next ones of its schedules
}

// Slot is when a run of a schedule begins next.
type Slot struct {
	Schedule string    `json:"schedule"`
	Start    time.Time `json:"start"`
}

// Queue is a database and what is in it.
type Queue struct {
	Fault       string                         `json:"fault,omitempty"` // why nothing is known
	Counts      map[string]map[queue.State]int `json:"jobs,omitempty"`  // by show and state
	Running     []Job                          `json:"running,omitempty"`
	Dead        []Job                          `json:"dead,omitempty"`
	Waiting     []Job                          `json:"waiting,omitempty"`
	Runs        []batch.RunState               `json:"runs,omitempty"` // the latest first
	Paused      []queue.Pause                  `json:"paused,omitempty"`
	Unpublished []batch.Unpublished            `json:"unpublished,omitempty"`
	Workers     []queue.Worker                 `json:"workers,omitempty"`
	Usage       []Usage                        `json:"usage,omitempty"`
}

// Job is a job for a person to see.
type Job struct {
	ID       int64       `json:"id"`
	Show     string      `json:"show"`
	Title    string      `json:"title"`
	State    queue.State `json:"state"`
	Attempts int         `json:"attempts"`
	Crashes  int         `json:"crashes,omitempty"`
	Worker   string      `json:"worker,omitempty"`
	Waits    string      `json:"waits,omitempty"` // what for; of one that is under way, what it does
	Started  time.Time   `json:"started,omitzero"`
	Due      time.Time   `json:"due,omitzero"`
	Error    string      `json:"error,omitempty"`
	Log      string      `json:"log,omitempty"`
}

// Usage is what an endpoint has used of its limits over all workers.
type Usage struct {
	queue.Usage
	Limits queue.Limits
}

// mostShown bounds what is listed of jobs and runs.
const mostShown = 50

// Look fills in what a queue says; limits are those of the endpoints.
func Look(ctx context.Context, q *queue.Queue, b *batch.Batch, limits map[string]queue.Limits) Queue {
	var out Queue
	if err := out.read(ctx, q, b, limits); err != nil {
		return Queue{Fault: err.Error()}
	}
	return out
}

func (out *Queue) read(ctx context.Context, q *queue.Queue, b *batch.Batch, limits map[string]queue.Limits) error {
	s, err := q.Status(ctx)
	if err != nil {
		return err
	}
	out.Counts, out.Paused, out.Workers = s.Counts, s.Paused, s.Workers
	for _, u := range s.Usage {
		out.Usage = append(out.Usage, Usage{u, limits[u.Endpoint]})
	}
	for _, kind := range []struct {
		jobs   *[]Job
		states []queue.State
	}{{&out.Running, []queue.State{queue.Running}}, {&out.Dead, []queue.State{queue.Dead}}, {&out.Waiting, []queue.State{queue.Ready, queue.Held, queue.Behind}}} {
		entries, err := q.List(ctx, queue.Filter{States: kind.states, Limit: mostShown})
		if err != nil {
			return err
		}
		for _, e := range entries {
			*kind.jobs = append(*kind.jobs, jobOf(e))
		}
	}
	if out.Unpublished, err = b.Unpublished(ctx); err != nil {
		return err
	}
	out.Runs, err = b.Runs(ctx)
	out.Runs = out.Runs[:min(len(out.Runs), mostShown)]
	return err
}

func jobOf(e queue.Entry) Job {
	j := Job{
		ID: e.ID, Show: e.Show, Title: cmp.Or(batch.Title(e), e.Episode), State: e.State, Attempts: e.Attempts, Crashes: e.Crashes,
		Worker: e.Worker, Waits: e.Waits, Started: e.Started, Error: e.Error, Log: e.Excerpt,
	}
	if e.State == queue.Ready {
		j.Due = e.Due
	}
	return j
}

// Slots are the next times of a show's schedules.
func Slots(cfg *config.Config, now time.Time) []Slot {
	var out []Slot
	for name, s := range cfg.Schedules {
		c, err := calendar.New(name, s)
		if err != nil {
			continue // the file was looked at when it was read
		}
		if next, ok := c.Next(now); ok {
			out = append(out, Slot{name, next.Start})
		}
	}
	slices.SortFunc(out, func(a, b Slot) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Schedule, b.Schedule)) })
	return out
}

// RunLine is a run in a few words.
func (s *Status) RunLine(r batch.RunState) string {
	switch {
	case r.Ended && r.Totals != nil:
		return (&batch.Report{Totals: *r.Totals}).Headline()
	case r.Waits:
		return "waits for the run before it"
	case r.Listed:
		return "under way: " + strconv.Itoa(r.Jobs) + " ordered"
	}
	return "looks through the sources"
}

// CountLine is the jobs of a show by state.
func (s *Status) CountLine(counts map[queue.State]int) string {
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, strconv.Itoa(counts[state])+" "+string(state))
	}
	return strings.Join(parts, ", ")
}

// status answers with the status as a page, or as JSON to who asks for that.
func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	st := s.site.Status(r.Context())
	if accept := r.Header.Get("Accept"); strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html") {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		_ = enc.Encode(st)
		return
	}
	render(w, http.StatusOK, s.state, struct {
		*Status
		Desk bool // there is one
	}{st, s.desk})
}
