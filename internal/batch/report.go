package batch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Report is what a run comes to.
type Report struct {
	Version   int       `json:"version"` // of this document's shape
	Run       string    `json:"run"`
	Show      string    `json:"show"`
	Schedule  string    `json:"schedule,omitempty"`
	Slot      time.Time `json:"slot,omitzero"`
	Rebuild   bool      `json:"rebuild,omitempty"`
	Started   time.Time `json:"started"`
	Ended     time.Time `json:"ended"`
	Totals    Totals    `json:"totals"`
	Items     []Outcome `json:"items"`               // what was to be made, in order of its jobs
	Problems  []Problem `json:"problems"`            // sources and posts that were set aside before
	Gone      []string  `json:"gone,omitempty"`      // episodes whose posts are gone, and that are kept
	Withdrawn []string  `json:"withdrawn,omitempty"` // that were taken out of the feed, for their posts are gone
	Restored  []string  `json:"restored,omitempty"`  // that are back, for their posts are there again
	Findings  []string  `json:"findings"`

	tabs map[string][]string // what was counted of the jobs' tabs, by the run whose budget they spend
}

// Reason is why a post or a source was set aside.
type Reason = source.Reason

// Totals of a run.
type Totals struct {
	Posts      int           `json:"posts"` // that were found, but for those that were set aside
	States     map[State]int `json:"states"`
	Over       int           `json:"over,omitempty"`     // posts left for the next run
	Problems   int           `json:"problems,omitempty"` // set aside before
	Missed     int           `json:"missed,omitempty"`   // of those elsewhere: did not come out there
	Takes      int           `json:"takes"`              // recorded
	Characters int           `json:"characters"`
	Cost       float64       `json:"cost"`
	Currency   string        `json:"currency,omitempty"`
	Length     float64       `json:"length"` // of what was made, in seconds
}

// Complete says that everything came out.
func (t *Totals) Complete() bool {
	for s, n := range t.States {
		if s.missed() && n > 0 {
			return false
		}
	}
	return t.Problems+t.Missed == 0
}

// missed says that a post did not come out.
func (s State) missed() bool {
	return s == StateFailed || s == StateHeld || s == StateWaiting || s == StateCancelled
}

// report looks at the jobs of a run whose listing is done. Those that have not
// ended are waiting.
func (b *Batch) report(ctx context.Context, r *run) (*Report, error) {
	rep := &Report{
		Version: 1, Run: r.ID, Show: r.Show, Schedule: r.Schedule, Slot: r.Slot, Rebuild: r.Rebuild, Started: r.Asked, Ended: b.o.Now().UTC(),
		Items: []Outcome{}, Problems: append([]Problem{}, r.Problems...), Findings: append([]string{}, r.Findings...), Gone: r.Gone, Withdrawn: r.Withdrawn, Restored: r.Restored,
		tabs: map[string][]string{}, Totals: Totals{States: map[State]int{}, Over: r.Over, Problems: len(r.Problems)},
	}
	if rep.Ended.Before(rep.Started) { // the clock went back
		rep.Ended = rep.Started
	}
	t := &rep.Totals
	t.Posts = r.Unchanged + r.Drafts + r.Over + len(r.Jobs) + len(r.Elsewhere)
	t.States[StateUnchanged], t.States[StateDraft] = r.Unchanged, r.Drafts
	purses := map[string]*budget{}
	for _, id := range r.jobs() {
		out, purse, err := b.judge(ctx, id)
		if errors.Is(err, queue.ErrNotFound) {
			// It ended so long ago that the queue has forgotten it.
			out, purse, err = &Outcome{Job: id, Run: r.ID, State: StateCancelled, Reason: "the job is no longer known"}, r.ID, nil
		}
		if err != nil {
			return nil, err
		}
		if other := r.Elsewhere[id]; other != "" {
			if out.State.missed() {
				t.Missed++
			}
			rep.count(*out.elsewhere(other))
			continue
		}
		out.Run = r.ID // another one ordered it, and left it behind
		spent := purses[purse]
		if spent == nil {
			if spent, _, err = b.budget(ctx, purse); err != nil {
				return nil, err
			}
			purses[purse] = spent
		}
		if tabs, ok := spent.Tabs[strconv.FormatInt(id, 10)]; ok {
			out.set(out.tally().plus(tabs.before()))
			rep.tabs[purse] = append(rep.tabs[purse], strconv.FormatInt(id, 10))
		}
		rep.count(*out)
	}
	if !r.Listed { // the job that lists did not come to its end
		e, err := b.queue.Get(ctx, r.Lister)
		if err != nil {
			return nil, err
		}
		rep.Problems = append(rep.Problems, Problem{Reason: "not listed", Message: cmp.Or(e.Error, "the job that lists the sources was "+string(e.State))})
		t.Problems++
	}
	for state, n := range t.States {
		if n == 0 {
			delete(t.States, state)
		}
	}
	return rep, nil
}

// count takes a post in.
func (r *Report) count(out Outcome) {
	t := &r.Totals
	r.Items = append(r.Items, out)
	t.States[out.State]++
	t.Takes += out.Made
	t.Characters += out.Sent
	t.Cost += out.Cost
	t.Currency = cmp.Or(t.Currency, out.Currency)
	if out.State == StateMade || out.State == StateHeld {
		t.Length += out.Length
	}
}

// judge is what became of a job, and whose budget it spent.
func (b *Batch) judge(ctx context.Context, id int64) (out *Outcome, purse string, err error) {
	e, err := b.queue.Get(ctx, id)
	if err != nil {
		return nil, "", fmt.Errorf("job %d: %w", id, err)
	}
	p, _ := episodeOf(e)
	if e.State == queue.Done {
		if out, err := b.outcome(ctx, e.Show, e.Episode); err != nil || out != nil && out.Job == id {
			return out, p.purse(), err
		}
	}
	out = &Outcome{Job: id, Episode: e.Episode, Revision: e.Revision, Attempts: e.Attempts, Crashes: e.Crashes, Reason: e.Error, Excerpt: e.Excerpt}
	if p.Item != nil {
		out.Run, out.Title, out.Location, out.Source = p.Run, p.Item.Title, p.Item.Location, p.Item.Source
	}
	switch e.State {
	case queue.Done: // and made again since
		out.State, out.Reason = StateMade, ""
	case queue.Dead:
		out.State = StateFailed
	case queue.Cancelled:
		out.State = StateCancelled
	case queue.Replaced:
		out.State = StateReplaced
	default:
		out.State, out.Reason = StateWaiting, cmp.Or(e.Waits, e.Error)
	}
	return out, p.purse(), nil
}

// Fault adds what went wrong with what comes after a run: it is then not complete.
func (r *Report) Fault(reason Reason, what string, err error) {
	r.add([]Problem{{Source: what, Reason: reason, Message: err.Error(), Temporary: true}}, nil)
}

func (r *Report) add(problems []Problem, findings []string) {
	r.Problems, r.Findings = append(r.Problems, problems...), append(r.Findings, findings...)
	r.Totals.Problems += len(problems)
}

// write puts a report into the folder of its show, as JSON and as a text.
func (r *Report) write(cfg *config.Config) error {
	dir := ReportDir(cfg)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the run's report: %w", err)
	}
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	r.Text(&text)
	name := filepath.Join(dir, r.Run)
	if _, err := publish.WriteFile(name+".json", append(body, '\n')); err != nil {
		return err
	}
	_, err = publish.WriteFile(name+".txt", text.Bytes())
	return err
}

// Text is the report for a person: what needs one, first.
func (r *Report) Text(w io.Writer) {
	fmt.Fprintf(w, "%s: %s\n", r.Show, r.Headline())
	var rows []Outcome
	for _, o := range r.Items {
		if o.State != StateUnchanged {
			rows = append(rows, o)
		}
	}
	slices.SortStableFunc(rows, func(a, b Outcome) int { return cmp.Compare(urgency(a.State), urgency(b.State)) })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, o := range rows {
		line := fmt.Sprintf("%s\t%s", o.State, oneLine(cmp.Or(o.Title, o.Location)))
		switch {
		case o.Reason != "":
			line += "\t" + oneLine(o.Reason)
		case len(o.Reasons) > 0:
			line += "\t" + oneLine(strings.Join(o.Reasons, "; "))
		case o.State == StateMade:
			line += fmt.Sprintf("\t%s, %d new takes%s", clock(o.Length), o.Made, money(o.Cost, o.Currency))
		}
		if o.State == StateFailed {
			line += fmt.Sprintf(" (narrapress batch retry %d)", o.Job)
		}
		fmt.Fprintln(t, line)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(t, "%s\t%s\t%s\n", p.Reason, oneLine(cmp.Or(p.Item, p.Source)), oneLine(p.Message))
	}
	for _, known := range []struct {
		ids        []string
		what, said string
	}{
		{r.Gone, "gone", "its post is no longer there; the episode is kept"},
		{r.Withdrawn, "withdrawn", "its post is no longer there; the episode is out of the feed, and its files are kept"},
		{r.Restored, "restored", "its post is there again, and so is the episode"},
	} {
		for _, id := range known.ids {
			fmt.Fprintf(t, "%s\t%s\t%s\n", known.what, oneLine(id), known.said)
		}
	}
	t.Flush()
	for _, f := range r.Findings {
		fmt.Fprintln(w, oneLine(f))
	}
}

// Headline is the run in a line.
func (r *Report) Headline() string {
	var parts []string
	for _, s := range []State{StateMade, StateHeld, StateFailed, StateWaiting, StateCancelled, StateReplaced, StateElsewhere, StateDraft, StateUnchanged} {
		if n := r.Totals.States[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if n := r.Totals.Problems; n > 0 {
		parts = append(parts, fmt.Sprintf("%d set aside", n))
	}
	if n := r.Totals.Over; n > 0 {
		parts = append(parts, fmt.Sprintf("%d left for the next run", n))
	}
	if len(parts) == 0 {
		return "no posts"
	}
	return strings.Join(parts, ", ") + money(r.Totals.Cost, r.Totals.Currency)
}

func urgency(s State) int {
	switch s {
	case StateFailed:
		return 0
	case StateHeld:
		return 1
	case StateWaiting, StateCancelled:
		return 2
	}
	return 3
}

func money(cost float64, currency string) string {
	if cost == 0 {
		return ""
	}
	return fmt.Sprintf(", %.2f %s", cost, currency)
}

func clock(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// settled says whether a run has ended: nothing of it is under way. With patience
// it has ended, too, when all that is left waits for longer than that.
func (b *Batch) settled(ctx context.Context, r *run, patience time.Duration) (bool, error) {
	if r.Lister != 0 {
		lister, err := b.queue.Get(ctx, r.Lister)
		if err != nil {
			return false, err
		}
		switch lister.State {
		case queue.Done, queue.Dead, queue.Cancelled, queue.Replaced:
		default:
			return false, nil
		}
		if !r.Listed { // by now it is, and its jobs are known
			if r, err = b.run(ctx, r.ID); err != nil {
				return false, err
			}
		}
	}
	wanted := make(map[int64]bool, len(r.Jobs))
	for _, id := range r.Jobs {
		wanted[id] = true
	}
	open := false
	err := b.each(ctx, queue.Filter{Show: r.Show, Brief: true, States: []queue.State{queue.Running, queue.Ready, queue.Held, queue.Behind}}, func(e queue.Entry) bool {
		waits := patience > 0 && (e.State == queue.Held || e.State == queue.Ready && e.Due.Sub(b.o.Now()) > patience)
		if r.Elsewhere[e.ID] != "" && patience == 0 { // the run that has it leaves it to another then
			waits = e.State == queue.Held || e.State == queue.Ready && e.Waits != ""
		}
		open = (wanted[e.ID] || r.Elsewhere[e.ID] != "") && !waits
		return !open
	})
	return !open, err
}

// swap writes a run where it still is as it was read, and says whether it was.
func (b *Batch) swap(ctx context.Context, r *run) (bool, error) {
	value, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	done, err := b.queue.Swap(ctx, r.was, queue.Record{Kind: kindRun, Key: r.ID, Value: value})
	if done {
		r.was = value
	}
	return done, err
}

// readReport is the report of a run that has ended.
func readReport(cfg *config.Config, run string) (*Report, error) {
	name := filepath.Join(ReportDir(cfg), run+".json")
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("the run's report: %w", err)
	}
	r := &Report{}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}
