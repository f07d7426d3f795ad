package batch

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/source"
)

// kindAside are records of posts that were set aside for what they are, behind
// their show's name. What failed for want of money, a key or an endpoint is not
// among them: the next run tries it again.
const kindAside = "aside "

// aside is a post that would fail again, as long as it stays as it is.
type aside struct {
	Job      int64         `json:"job"`
	Revision string        `json:"revision"` // Hash of the item
	Why      source.Reason `json:"reason,omitempty"`
	Message  string        `json:"message"`
}

// reasonAside is that of a post that failed in the making.
const reasonAside source.Reason = "set aside"

func (a *aside) reason() source.Reason {
	if a.Why == "" {
		return reasonAside
	}
	return a.Why
}

// putAside writes down that a post failed by its own fault.
func (b *Batch) putAside(ctx context.Context, j *queue.Job, p payload, err error) error {
	a := aside{Job: j.ID, Revision: p.Item.Revision(), Message: err.Error()}
	if problem := new(source.Problem); errors.As(err, &problem) {
		a.Why, a.Message = problem.Reason, problem.Err.Error()
	}
	return b.queue.Transact(ctx, func(tx *sql.Tx) error { return b.put(ctx, tx, kindAside+j.Show, p.Item.ID, a) })
}

// asides are the posts of a show that are set aside now, by episode: their jobs
// are dead, and by their own fault, or because they killed their workers.
func (b *Batch) asides(ctx context.Context, show string) (map[string]*aside, error) {
	recs, err := b.queue.Records(ctx, kindAside+show)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*aside, len(recs))
	for _, r := range recs {
		a := &aside{}
		if json.Unmarshal(r.Value, a) == nil {
			known[r.Key] = a
		}
	}
	out := map[string]*aside{}
	return out, b.each(ctx, dead(show), func(e queue.Entry) bool {
		switch a := known[e.Episode]; {
		case a != nil && a.Job == e.ID:
			out[e.Episode] = a
		case e.Crashes >= b.queue.MaxCrashes():
			out[e.Episode] = &aside{Job: e.ID, Revision: e.Revision, Message: e.Error}
		}
		return true
	})
}

// dead are the jobs of a show that are set aside.
func dead(show string) queue.Filter {
	return queue.Filter{Show: show, States: []queue.State{queue.Dead}, Brief: true}
}
