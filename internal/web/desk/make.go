package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// making is an episode that the desk is making.
type making struct {
	Stage   pipeline.Stage
	Count   int
	Total   int
	Stored  int
	Done    bool
	Err     string
	Slug    string // of what was made
	Held    bool
	Began   time.Time
	Seconds float64
}

// event is what pages are told while they are open.
type event struct {
	Source string `json:"source"` // name of the document
	State  string `json:"state"`  // for a person
	Done   bool   `json:"done"`
	Failed bool   `json:"failed"`
	Slug   string `json:"slug,omitempty"`
	Href   string `json:"href,omitempty"` // of what came of it
	Bar    int    `json:"bar"`            // percent of the stage
}

// makeEpisode begins to make the episode of a document. It is made to its end,
// whether anybody looks on or not.
func (m *room) makeEpisode(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	name := k.order.Name()
	m.mu.Lock()
	if was := m.making[name]; was != nil && !was.Done {
		m.mu.Unlock()
		return faultf(http.StatusConflict, "%s is being made already", k.source)
	}
	job := &making{Began: m.desk.o.Now(), Stage: pipeline.Read}
	m.making[name] = job
	m.mu.Unlock()
	m.desk.under.Go(func() {
		res, err := k.press.Produce(m.desk.ctx, k.order)
		m.mu.Lock()
		job.Done, job.Seconds = true, res.Elapsed.Seconds()
		job.Slug, job.Held = res.Episode.Slug, res.Held
		switch _, held := errors.AsType[*pipeline.HeldError](err); {
		case held: // it is made
		case errors.Is(err, context.Canceled):
			job.Err = "the desk was closed: make it again, what was spoken is kept"
		case err != nil:
			job.Err = err.Error()
		}
		m.mu.Unlock()
		m.tell(name, job)
	})
	if r.Header.Get("Narrapress-Desk") == "" {
		http.Redirect(w, r, m.address("", ""), http.StatusSeeOther)
		return nil
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// observe is told of everything that happens in productions.
func (m *room) observe(e pipeline.Event) {
	m.mu.Lock()
	job := m.making[e.Source]
	if job == nil || job.Done {
		m.mu.Unlock()
		return
	}
	job.Stage = e.Stage
	if e.Total > 0 {
		job.Count, job.Total, job.Stored = e.Count, e.Total, e.Stored
	} else if !e.Done {
		job.Count, job.Total = 0, 0
	}
	m.mu.Unlock()
	m.tell(e.Source, job)
}

// line says how far an episode is.
func (j *making) line() string {
	switch {
	case j.Err != "":
		return "failed: " + j.Err
	case j.Done && j.Held:
		return "made, and held by the gate"
	case j.Done:
		return fmt.Sprintf("made in %.1f s", j.Seconds)
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
func (m *room) tell(source string, job *making) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.eventOf(source, job)
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

func (m *room) eventOf(source string, job *making) event {
	e := event{Source: m.nameOf(source), State: job.line(), Done: job.Done, Failed: job.Err != "", Slug: job.Slug}
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
	var now []event
	for name, job := range m.making {
		now = append(now, m.eventOf(name, job))
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

// madeOf is the slug of the episode with an ID; empty where there is none.
func (m *room) madeOf(id string) string {
	found, _, err := publish.ListHeads(m.show().Output.Dir)
	if err != nil {
		return ""
	}
	for _, f := range found {
		if f.Head.Episode.ID == id {
			return f.Head.Episode.Slug
		}
	}
	return ""
}
