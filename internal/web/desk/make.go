package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// making is an episode that the desk is making, or has made.
type making struct {
	ID      int
	Source  string // name of the document
	Part    int    // chapter of a divided book
	Stage   pipeline.Stage
	Count   int
	Total   int
	Done    bool
	Err     string
	Slug    string // of what was made
	Held    bool
	Listed  bool // the feed has it
	Seconds float64
}

// event is what pages are told while they are open.
type event struct {
	ID     int    `json:"id"`
	Source string `json:"source"` // name of the document
	State  string `json:"state"`  // for a person
	Done   bool   `json:"done"`
	Failed bool   `json:"failed"`
	Href   string `json:"href,omitempty"` // of what came of it
	Bar    int    `json:"bar"`            // percent of the stage
}

// makeEpisode begins to make the episode of a document. It is made to its end,
// whether anybody looks on or not. A script is answered with the job's number.
func (m *room) makeEpisode(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	job := &making{Source: k.source, Part: k.part, Stage: pipeline.Read}
	// A press of its own: what pages plan and hear meanwhile is not the job's.
	press, err := m.desk.newPress(r.Context(), m.show(), pipeline.Options{Observe: func(e pipeline.Event) { m.observe(job, e) }})
	if err != nil {
		return err
	}
	name := k.order.Name()
	m.mu.Lock()
	if was := m.making[name]; was != nil && !was.Done {
		m.mu.Unlock()
		return faultf(http.StatusConflict, "%s is being made already", k.source)
	}
	m.jobs++
	job.ID = m.jobs
	m.making[name] = job
	m.mu.Unlock()
	m.desk.under.Go(func() { m.produce(press, k.order, job) })
	if r.Header.Get("Narrapress-Desk") == "" {
		http.Redirect(w, r, m.address(""), http.StatusSeeOther)
		return nil
	}
	return writeJSON(w, map[string]int{"id": job.ID})
}

// publish writes the feed, and asks the server, where there is one, to send what has
// changed to where listeners are.
func (m *room) publish(ctx context.Context) error {
	cfg := m.show()
	_, fault := pipeline.WriteFeed(ctx, cfg)
	_, lacks := errors.AsType[*feed.MissingError](fault)
	if m.desk.o.Runs == nil || lacks || fault == nil && cfg.Publish.To == "" {
		return fault
	}
	name := batch.ShowName(cfg)
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	_, b, err := m.desk.o.Runs(name)
	if err == nil {
		err = b.Publish(ctx, name)
	}
	if err != nil { // what was decided stands in its folder, and goes with the next run
		m.desk.o.Log.WarnContext(ctx, "to publish the show could not be asked for; the next run does it", "show", name, "error", err)
	}
	return fault
}

// askTime is how long a person waits for the queue's database, at most.
const askTime = 2 * time.Second

func (m *room) produce(press *pipeline.Press, o pipeline.Order, job *making) {
	ctx := m.desk.ctx
	res, err := press.Produce(ctx, o)
	var fault error // of the feed
	if err == nil { // it is out, where the show has all that a feed needs
		fault = m.publish(ctx)
	}
	_, lacks := errors.AsType[*feed.MissingError](fault)
	m.mu.Lock()
	job.Done, job.Seconds, job.Listed = true, res.Elapsed.Seconds(), err == nil && fault == nil
	job.Slug, job.Held = res.Episode.Slug, res.Held
	switch _, held := errors.AsType[*pipeline.HeldError](err); {
	case held: // it is made
	case errors.Is(err, context.Canceled):
		job.Err = "the desk was closed: make it again, what was spoken is kept"
	case err != nil:
		job.Err = err.Error()
	case fault != nil && !lacks:
		job.Err = fmt.Sprintf("it is made, and the feed is as it was: %v", fault)
	}
	m.mu.Unlock()
	m.tell(job)
}

// observe is told of everything that happens in a production.
func (m *room) observe(job *making, e pipeline.Event) {
	m.mu.Lock()
	job.Stage = e.Stage
	if e.Total > 0 {
		job.Count, job.Total = e.Count, e.Total
	} else if !e.Done {
		job.Count, job.Total = 0, 0
	}
	m.mu.Unlock()
	m.tell(job)
}

// line says how far an episode is.
func (j *making) line() string {
	switch {
	case j.Err != "" && j.Part > 0:
		return fmt.Sprintf("chapter %d failed: %s", j.Part, j.Err)
	case j.Err != "":
		return "failed: " + j.Err
	case j.Done && j.Held:
		return "made, and held by the gate"
	case j.Done && j.Listed:
		return fmt.Sprintf("made in %.1f s: it passes the gate, and is in the feed", j.Seconds)
	case j.Done:
		return fmt.Sprintf("made in %.1f s: it passes the gate", j.Seconds)
	case j.Stage == pipeline.Record && j.Total > 0:
		return fmt.Sprintf("recording %d of %d", j.Count, j.Total)
	}
	return map[pipeline.Stage]string{
		pipeline.Read: "reading", pipeline.Script: "planning", pipeline.Record: "recording", pipeline.Mix: "mixing",
		pipeline.Master: "mastering", pipeline.Publish: "writing its files",
	}[j.Stage]
}

// tell sends an event to every page that is open. One that does not keep up
// misses some, and never the last: it is asked for when it connects again.
func (m *room) tell(job *making) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.eventOf(job)
	for c := range m.watchers {
		select {
		case c <- e:
		default:
			if e.Done { // make room for it
				select {
				case <-c:
				default:
				}
				c <- e
			}
		}
	}
}

func (m *room) eventOf(job *making) event {
	e := event{ID: job.ID, Source: job.Source, State: job.line(), Done: job.Done, Failed: job.Err != ""}
	if job.Total > 0 {
		e.Bar = 100 * job.Count / job.Total
	}
	if job.Done && job.Slug != "" && job.Err == "" {
		e.Href = m.address("release/" + job.Slug)
	}
	return e
}

// beat keeps what stands between from closing a connection that is silent.
const beat = 20 * time.Second

// events tells a page what happens, until it is closed (HTML, 9.2, server-sent
// events).
func (m *room) events(w http.ResponseWriter, r *http.Request) error {
	c := make(chan event, 64)
	m.mu.Lock()
	m.watchers[c] = true
	wanted, _ := strconv.Atoi(r.FormValue("id")) // of a job that the page waits for
	now := []event{}
	for _, job := range m.making {
		if !job.Done || job.ID == wanted {
			now = append(now, m.eventOf(job))
		}
	}
	if wanted > 0 && !slices.ContainsFunc(now, func(e event) bool { return e.ID == wanted }) {
		now = append(now, event{ID: wanted, State: "nothing is known of it any more: look at the list of episodes", Done: true, Failed: true})
	}
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		delete(m.watchers, c)
		m.mu.Unlock()
	}()
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(e event) error {
		b, err := json.Marshal(e)
		if err == nil {
			_, err = fmt.Fprintf(w, "data: %s\n\n", b)
		}
		return err
	}
	for _, e := range now {
		if err := send(e); err != nil {
			return nil
		}
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		_ = control.SetWriteDeadline(time.Now().Add(2 * beat))
		if err := control.Flush(); err != nil {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-m.desk.ctx.Done():
			return nil
		case e := <-c:
			if err := send(e); err != nil {
				return nil
			}
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": \n\n"); err != nil {
				return nil
			}
		}
	}
}
