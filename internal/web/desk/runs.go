package desk

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/internal/web"
)

// Runs gives the queue of a show, by its name, and the batch that works on it.
// The error is why they cannot be had now.
type Runs func(show string) (*queue.Queue, *batch.Batch, error)

// runsPage is what is made by schedule, and what a person may do about it.
type runsPage struct {
	base
	Fault     string // why nothing is known
	Slots     []web.Slot
	Schedules []string
	web.Queue
	Spent []spent
}

// spent is what the show's ledger has beside a cap.
type spent struct {
	Span   string
	Amount string
	Cap    string
	Share  float64 // percent of it
}

func (m *room) runs(w http.ResponseWriter, r *http.Request) error {
	cfg := m.show()
	p := runsPage{base: m.base("Runs"), Slots: web.Slots(cfg, m.desk.o.Now()), Spent: m.spending(cfg)}
	p.Here = "Runs"
	for name := range cfg.Schedules {
		p.Schedules = append(p.Schedules, name)
	}
	q, b, err := m.desk.o.Runs(batch.ShowName(cfg))
	if err != nil {
		p.Fault = err.Error()
		render(w, http.StatusOK, "runs", &p)
		return nil //nolint:nilerr // the page says it
	}
	p.Queue = only(web.Look(r.Context(), q, b, b.Limits()), batch.ShowName(cfg))
	p.Fault = p.Queue.Fault
	render(w, http.StatusOK, "runs", &p)
	return nil
}

// only is what a queue says of one show.
func only(q web.Queue, show string) web.Queue {
	jobs := func(all []web.Job) []web.Job {
		return slices.DeleteFunc(all, func(j web.Job) bool { return j.Show != show })
	}
	q.Running, q.Dead, q.Waiting = jobs(q.Running), jobs(q.Dead), jobs(q.Waiting)
	q.Runs = slices.DeleteFunc(q.Runs, func(r batch.RunState) bool { return r.Show != show })
	q.Paused = slices.DeleteFunc(q.Paused, func(p queue.Pause) bool { return p.Show != "" && p.Show != show })
	q.Unpublished = slices.DeleteFunc(q.Unpublished, func(u batch.Unpublished) bool { return u.Show != show })
	return q
}

// Line is a run in a few words.
func (p *runsPage) Line(r batch.RunState) string { return (&web.Status{}).RunLine(r) }

// spending is the ledger beside the caps of the show.
func (m *room) spending(cfg *config.Config) []spent {
	currency := "USD"
	if press, err := m.open(m.desk.ctx); err == nil {
		currency = press.Currency()
	}
	day, month, err := ledger.Open(cfg.Output.Store, m.desk.o.Now).Spent(currency)
	if err != nil {
		return nil
	}
	line := func(span string, amount, limit float64) spent {
		s := spent{Span: span, Amount: strconv.FormatFloat(amount, 'f', 2, 64) + " " + currency}
		if limit > 0 {
			s.Cap, s.Share = strconv.FormatFloat(limit, 'f', 2, 64)+" "+currency, min(100, 100*amount/limit)
		}
		return s
	}
	return []spent{line("today (UTC)", day, cfg.Limits.Cost.Day), line("this month (UTC)", month, cfg.Limits.Cost.Month)}
}

// act does what a person wants of the runs.
func (m *room) act(w http.ResponseWriter, r *http.Request) error {
	cfg := m.show()
	name := batch.ShowName(cfg)
	q, b, err := m.desk.o.Runs(name)
	if err != nil {
		return faultf(http.StatusServiceUnavailable, "%v", err)
	}
	job := func() (int64, error) {
		id, err := strconv.ParseInt(r.FormValue("job"), 10, 64)
		if err != nil {
			return 0, faultf(http.StatusBadRequest, "job is a number, not %q", r.FormValue("job"))
		}
		e, err := q.Get(r.Context(), id)
		if err != nil {
			return 0, err
		}
		if e.Show != name {
			return 0, faultf(http.StatusNotFound, "the show has no job %d", id)
		}
		return id, nil
	}
	switch r.FormValue("do") {
	case "start":
		err = m.start(r, b, name)
	case "pause":
		err = q.Pause(r.Context(), name, plain(r.FormValue("reason")))
	case "resume":
		err = q.Resume(r.Context(), name)
	case "stop":
		if err = m.ownRun(r, b, name); err == nil {
			err = b.Stop(r.Context(), r.FormValue("run"))
		}
	case "retry", "cancel":
		var id int64
		if id, err = job(); err != nil {
			return err
		}
		if r.FormValue("do") == "retry" {
			err = q.Retry(r.Context(), id)
		} else {
			err = q.Cancel(r.Context(), id)
		}
	default:
		err = faultf(http.StatusBadRequest, "what is to be done?")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, m.address("runs"), http.StatusSeeOther)
	return nil
}

// ownRun says whether a run is one of the show.
func (m *room) ownRun(r *http.Request, b *batch.Batch, show string) error {
	runs, err := b.Runs(r.Context())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(runs, func(s batch.RunState) bool { return s.Show == show && s.ID == r.FormValue("run") }) {
		return faultf(http.StatusNotFound, "the show has no run %q", r.FormValue("run"))
	}
	return nil
}

// start begins a run now: of a schedule, or of all sources of the show.
func (m *room) start(r *http.Request, b *batch.Batch, name string) error {
	cfg := m.show()
	w := batch.Wish{Show: name, Sources: cfg.Sources}
	if s := r.FormValue("schedule"); s != "" {
		sc, ok := cfg.Schedules[s]
		if !ok {
			return faultf(http.StatusNotFound, "the show has no schedule %q", s)
		}
		w.Schedule, w.Sources, w.Limit, w.MaxCost = s, cfg.SourcesOf(s), sc.Limit, sc.MaxCost
	}
	if len(w.Sources) == 0 {
		return faultf(http.StatusUnprocessableEntity, "the show names no sources: write some under sources in its file")
	}
	_, err := b.Begin(r.Context(), w)
	return err
}
