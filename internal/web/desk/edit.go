package desk

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// stale is what is told of a row that is no longer what its page shows.
func stale() error {
	return faultf(http.StatusConflict, "the document, or its show, is not as it was when the page was loaded: load it again")
}

// at is the segment that a request is about: its ordinal, and the words that
// the page shows there, as a page may be older than the document.
func (k *work) at(r *http.Request) (ordinal int, seg *script.Segment, err error) {
	if err := k.whole(); err != nil {
		return 0, nil, err
	}
	if ordinal, err = number(r, "segment"); err != nil {
		return 0, nil, err
	}
	for place, seg := range k.plan.Script.Segments() {
		if place.Ordinal != ordinal {
			continue
		}
		if said, ok := r.Form["was"]; ok && plain(said[0]) != plain(seg.Text) {
			return 0, nil, stale()
		}
		return ordinal, seg, nil
	}
	return 0, nil, stale()
}

// chosen is the document that a request names, planned, and the segment of it that
// the request is about.
func (m *room) chosen(r *http.Request) (*work, int, *script.Segment, error) {
	k, err := m.plan(r)
	if err != nil {
		return nil, 0, nil, err
	}
	ordinal, seg, err := k.at(r)
	return k, ordinal, seg, err
}

// plain is a text as a form sends it back: browsers change the ends of lines.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// edit writes what a person changed of a segment into the overlay beside its
// document.
func (m *room) edit(w http.ResponseWriter, r *http.Request) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	if r.FormValue("origin") != "" {
		return m.putBack(w, r)
	}
	k, ordinal, seg, err := m.chosen(r)
	if err != nil {
		return err
	}
	from := k.origin(ordinal - 1)
	if from == 0 {
		return faultf(http.StatusConflict, "this segment was put in by hand: change it in %s", k.plan.Overlay.File())
	}
	auto := k.automatic[from-1]
	e := k.plan.Overlay.Of(k.plan.Automatic, from)
	if err := lay(&e, auto, seg, r); err != nil {
		return err
	}
	o := *k.plan.Overlay
	o.Set(k.plan.Automatic, from, e)
	// What cannot be spoken so is not written: the show may not have the voice, or
	// its endpoint not take so long a text.
	next, err := m.planned(r.Context(), k.source, k.part, &o)
	if err != nil {
		return err
	}
	if err := o.Write(k.plan.Overlay.File()); err != nil {
		return err
	}
	return m.done(w, r, next, ordinal)
}

// putBack takes the edit of a segment of the automatic script back: also of one
// that was left out, which no row shows.
func (m *room) putBack(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	n, err := number(r, "origin")
	if err != nil {
		return err
	}
	if n < 1 || n > len(k.automatic) || plain(k.automatic[n-1].Text) != plain(r.FormValue("was")) {
		return stale()
	}
	o := *k.plan.Overlay
	o.Set(k.plan.Automatic, n, overlay.Edit{Note: o.Of(k.plan.Automatic, n).Note})
	if err := o.Write(k.plan.Overlay.File()); err != nil {
		return err
	}
	next, err := m.planned(r.Context(), k.source, k.part, nil)
	if err != nil {
		return err
	}
	return m.done(w, r, next, min(n, len(next.plan.Segments)))
}

// lay lays the fields of a form over an edit. What is as the automatic script
// has it is no edit.
func lay(e *overlay.Edit, auto, now *script.Segment, r *http.Request) error {
	form := func(name string) (string, bool) {
		v, ok := r.Form[name]
		if !ok {
			return "", false
		}
		return strings.TrimSpace(v[0]), true
	}
	unless := func(v, same string) string {
		if v == same {
			return ""
		}
		return v
	}
	if r.FormValue("undo") != "" {
		*e = overlay.Edit{Note: e.Note}
		return nil
	}
	if v, ok := form("say"); ok {
		v = plain(v)
		if v == "" {
			return faultf(http.StatusUnprocessableEntity, "a segment says something: leave it out instead")
		}
		if v != plain(now.Text) {
			e.Take = 0 // other words have takes of their own
		}
		e.Say = unless(v, plain(auto.Text))
	}
	if v, ok := form("role"); ok && v != "" {
		e.Role = unless(v, auto.Role)
	}
	if v, ok := form("voice"); ok {
		e.Voice = unless(v, auto.Voice)
	}
	if v, ok := form("pause"); ok && v != "" {
		s, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
		if err != nil || s < 0 || s > mostPause {
			return faultf(http.StatusUnprocessableEntity, "a pause is 0 to %d seconds, not %q", mostPause, v)
		}
		d := time.Duration(s * float64(time.Second)).Round(time.Millisecond)
		if e.Pause = &d; d == auto.Pause {
			e.Pause = nil
		}
	}
	if v, ok := form("take"); ok && v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return faultf(http.StatusUnprocessableEntity, "a take is a number from 0, not %q", v)
		}
		e.Take = n
	}
	if v, ok := form("skip"); ok {
		e.Skip = v != "" && v != "0"
	}
	if v, ok := form("chapter"); ok {
		e.Chapter = plain(v)
	}
	if v, ok := form("join"); ok {
		e.Join = v != "" && v != "0"
	}
	return nil
}

// mostPause bounds a pause, in seconds: longer silence is a fault to listeners.
const mostPause = 60

// done answers a request that wrote something: a script gets the rows as they
// are now, anybody else goes back to the page.
func (m *room) done(w http.ResponseWriter, r *http.Request, k *work, ordinal int) error {
	if r.Header.Get("Narrapress-Desk") == "" {
		back := m.address("script", "source", k.source)
		if k.part > 0 {
			back = m.address("script", "source", k.source, "part", strconv.Itoa(k.part))
		}
		http.Redirect(w, r, back+"#s"+strconv.Itoa(ordinal), http.StatusSeeOther)
		return nil
	}
	k.page().send(w)
	return nil
}
