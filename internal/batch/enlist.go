package batch

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Problem is a source or a post that was set aside before it became a job.
type Problem struct {
	Source    string        `json:"source"`
	Item      string        `json:"item,omitempty"`
	Reason    source.Reason `json:"reason"`
	Message   string        `json:"message"`
	Temporary bool          `json:"temporary"`
}

// enlist looks through the sources of a run and orders what is to be made.
func (b *Batch) enlist(ctx context.Context, s *show, j *queue.Job, p payload) error {
	j.Note("looks through sources")
	sources := make([]config.Source, len(p.List.Sources))
	for i, src := range p.List.Sources {
		sources[i] = config.Source(src.bare)
		sources[i].Dir = cmp.Or(src.Dir, s.cfg.Dir)
	}
	found, err := s.lister.List(ctx, sources)
	if err != nil {
		return err
	}
	if err := s.memory.Save(); err != nil {
		j.Log.WarnContext(ctx, "what was known of the sources is not kept; it costs time next time", "error", err)
	}
	made, findings, err := source.Episodes(s.cfg.Output.Dir)
	if err != nil {
		return err
	}
	known, err := b.Outcomes(ctx, s.name)
	if err != nil {
		return err
	}
	aside, err := b.asides(ctx, s.name)
	if err != nil {
		return err
	}
	r, err := b.run(ctx, p.Run)
	if err != nil {
		return err
	}
	l := &listed{run: r, sources: sources, found: found, made: map[string]*source.Made{}, now: b.o.Now()}
	for i := range made {
		l.made[made[i].ID] = &made[i]
	}
	r.again()
	r.Findings = slices.Concat(found.Findings, findings)
	for _, problem := range found.Problems {
		r.Problems = append(r.Problems, Problem{
			Source: problem.Source, Item: problem.Item, Reason: problem.Reason, Message: problem.Err.Error(), Temporary: problem.Temporary(),
		})
	}
	remember(found.Items, known, l.made)
	for _, c := range s.lister.Compare(sources, found, made) {
		if err := l.restore(c); err != nil {
			return err
		}
		if err := b.weigh(s, p, c, known[c.Item.ID], aside[c.Item.ID], l); err != nil {
			return err
		}
	}
	return b.enter(ctx, j, l)
}

// listed is what a listing comes to.
type listed struct {
	run     *run
	sources []config.Source
	found   *source.Listing
	made    map[string]*source.Made // by ID
	now     time.Time
	orders  []queue.Order
}

// again forgets what a listing found that did not come to its end. What it has
// ordered stays the run's.
func (r *run) again() {
	r.Unchanged, r.Drafts, r.Over, r.Gone, r.Problems = 0, 0, 0, nil, nil
}

// source is that of a title.
func (l *listed) source(title string) *config.Source {
	i := slices.IndexFunc(l.sources, func(s config.Source) bool { return s.Title() == title })
	if i < 0 {
		return nil
	}
	return &l.sources[i]
}

// gone decides what becomes of an episode whose post is gone.
func (l *listed) gone(c source.Compared) error {
	r, it := l.run, c.Item
	src := l.source(it.Source)
	dir := c.Dirs[0]
	switch withdrawn, _ := publish.Withdrawn(dir); {
	case withdrawn: // it was told before
		return nil
	case src == nil, src.Gone != config.GoneWithdraw:
		r.Gone = append(r.Gone, it.ID)
		return nil
	case !l.sure(src):
		r.Gone = append(r.Gone, it.ID)
		r.Findings = append(r.Findings, fmt.Sprintf("%s: nothing at all was found there, so that nothing is withdrawn: is its folder away?", it.Source))
		return nil
	}
	if _, err := publish.Withdraw(dir, publish.Withdrawal{Reason: "its post is gone", Source: it.Location, When: l.now.UTC()}); err != nil {
		return err
	}
	r.Withdrawn = append(r.Withdrawn, it.ID)
	return nil
}

// sure says whether posts that are missing in a source are gone: its server says
// so, or others are there. A folder without a post may be one that is not mounted.
func (l *listed) sure(src *config.Source) bool {
	if pipeline.IsURL(src.From) {
		return true
	}
	return slices.Contains(l.found.Whole, src.Title()) &&
		slices.ContainsFunc(l.found.Items, func(it source.Item) bool { return it.Source == src.Title() })
}

// restore ends the withdrawal of an episode whose post is there again.
func (l *listed) restore(c source.Compared) error {
	if c.State == source.IsWithdrawn {
		return nil
	}
	back := false
	for _, dir := range c.Dirs {
		done, err := publish.Return(dir)
		if err != nil {
			return err
		}
		back = back || done
	}
	if back {
		l.run.Restored = append(l.run.Restored, c.Item.ID)
	}
	return nil
}

// another says whether what was made of a post, as it is, is an episode that was made
// of another post since: their pages name one address. It would change hands in every run.
func (l *listed) another(it *source.Item, last *Outcome) bool {
	if last == nil || last.Revision != it.Revision() || len(last.As) == 0 {
		return false
	}
	for _, id := range last.As {
		if l.made[id] == nil {
			return false
		}
	}
	l.run.Findings = append(l.run.Findings, fmt.Sprintf("%s of %s is the same post as %s, by what both say of themselves (%s): it is made once", it.Location, it.Source, l.made[last.As[0]].Source.Path, last.As[0]))
	return true
}

// dueAfter is when a post that was changed is made; zero is at once.
func dueAfter(now time.Time, after time.Duration) time.Time {
	if after == 0 {
		return time.Time{}
	}
	return now.Add(after)
}

// weigh decides what is to be made of a post.
func (b *Batch) weigh(s *show, p payload, c source.Compared, last *Outcome, aside *aside, l *listed) error {
	it, r := c.Item, l.run
	switch {
	case c.State == source.IsWithdrawn:
		return l.gone(c)
	case it.Draft:
		r.Drafts++
		return nil
	case aside != nil && aside.Revision == it.Revision() && !p.List.Rebuild:
		r.Problems = append(r.Problems, Problem{
			Source: it.Source, Item: it.Location, Reason: aside.reason(),
			Message: fmt.Sprintf("an earlier run set it aside, and it has not changed since: %s (narrapress batch retry %d)", aside.Message, aside.Job),
		})
		return nil
	case c.State == source.IsUnchanged && !p.List.Rebuild && !changed(&c, last):
		r.Unchanged++
		return nil
	case c.State == source.IsNew && !p.List.Rebuild && l.another(&it, last):
		r.Unchanged++
		return nil
	case p.List.Limit > 0 && len(l.orders) == p.List.Limit:
		r.Over++
		return nil
	}
	order, err := b.order(s, p, it)
	if src := l.source(it.Source); c.State == source.IsChanged && src != nil && r.Attended == "" && !p.List.Rebuild {
		order.Due = dueAfter(b.o.Now(), src.Settles())
	}
	l.orders = append(l.orders, order)
	return err
}

// atOnce is how many orders are entered in one transaction. Each episode is
// locked until its end, and a PostgreSQL as it is installed has room for some
// 6,000 locks; with SQLite nobody else writes meanwhile.
const atOnce = 250

// enter orders what was listed, and ends the job with the last of it. The run
// knows at each time what was ordered.
func (b *Batch) enter(ctx context.Context, j *queue.Job, l *listed) error {
	for {
		n := min(atOnce, len(l.orders))
		write := func(tx *sql.Tx) error {
			inserted, err := b.queue.InsertTx(ctx, tx, l.orders[:n]...)
			if err != nil {
				return err
			}
			r := *l.run
			if err := b.takeOn(ctx, tx, &r, inserted); err != nil {
				return err
			}
			if err := b.put(ctx, tx, kindRun, r.ID, r); err != nil {
				return err
			}
			l.run = &r
			return nil
		}
		if n == len(l.orders) {
			l.run.Listed = true
			return j.Finish(ctx, write)
		}
		if err := j.Guard(ctx, write); err != nil {
			return err
		}
		l.orders = l.orders[n:]
	}
}

// changed says whether a post that is not known by its bytes is another one than
// its episode was made of. Of a book only the outcome says that all its chapters were made.
func changed(c *source.Compared, last *Outcome) bool {
	switch it := &c.Item; {
	case it.Exact:
		return false
	case last == nil:
		return c.Divided()
	default:
		return last.Revision != it.Revision()
	}
}

func (b *Batch) order(s *show, p payload, it source.Item) (queue.Order, error) {
	revision := it.Revision()
	if p.List.Rebuild {
		revision += " " + p.Run // the same post again
	}
	body, err := json.Marshal(payload{Run: p.Run, Item: &it, MaxCost: p.MaxCost})
	return queue.Order{Show: s.name, Episode: it.ID, Revision: revision, Payload: body}, err
}

// each calls f for the jobs of a filter, until it says no.
func (b *Batch) each(ctx context.Context, f queue.Filter, use func(queue.Entry) bool) error {
	for f.Limit = 20; ; f.Limit = 1000 { // most who look for one find it soon
		entries, err := b.queue.List(ctx, f)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			if !use(e) {
				return nil
			}
		}
		f.After = entries[len(entries)-1].ID
	}
}
