package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// isKey says whether a text can be the key of a take: a SHA-256 in hex.
func isKey(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// sound is the file of a take that a request names.
func (m *room) sound(r *http.Request) ([]byte, error) {
	key := r.PathValue("key")
	if !isKey(key) {
		return nil, faultf(http.StatusNotFound, "%q is no take", key)
	}
	press, err := m.open(r.Context())
	if err != nil {
		return nil, err
	}
	b, err := press.Take(key)
	if _, lost := errors.AsType[*pipeline.LostTakeError](err); lost {
		return nil, faultf(http.StatusNotFound, "the take is not in the store")
	}
	return b, err
}

// kept lets a browser keep what has the hash of its making for a name.
func kept(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
}

// take answers with the sound of a take.
func (m *room) take(w http.ResponseWriter, r *http.Request) error {
	b, err := m.sound(r)
	if err != nil {
		return err
	}
	kept(w)
	w.Header().Set("Content-Type", audio.Sniff(b))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

// wave answers with the picture of a take's sound.
func (m *room) wave(w http.ResponseWriter, r *http.Request) error {
	b, err := m.sound(r)
	if err != nil {
		return err
	}
	d, err := audio.Decode(r.Context(), b)
	if err != nil {
		return err
	}
	defer d.Close()
	svg, err := drawWave(d)
	if err != nil {
		return err
	}
	kept(w)
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(svg)
	return nil
}

// takeLine is a take that there is of a segment.
type takeLine struct {
	Number int    `json:"number"`
	Key    string `json:"key"`
	Stored bool   `json:"stored"`
	Chosen bool   `json:"chosen"`
}

// takes lists those of a segment.
func (m *room) takes(w http.ResponseWriter, r *http.Request) error {
	k, ordinal, _, err := m.chosen(r)
	if err != nil {
		return err
	}
	all, err := k.press.Takes(k.plan, ordinal)
	if err != nil {
		return err
	}
	out := make([]takeLine, len(all))
	for i, t := range all {
		out[i] = takeLine(t)
	}
	return writeJSON(w, out)
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(v)
}

// excerpt answers with some segments in a row, as they are heard.
func (m *room) excerpt(w http.ResponseWriter, r *http.Request) error {
	k, ordinal, _, err := m.chosen(r)
	if err != nil {
		return err
	}
	return k.hear(w, r, ordinal)
}

// around is how many segments are heard before and behind one, where they are
// stored.
const around = 1

// hear answers with the sound of a segment among its neighbours.
func (k *work) hear(w http.ResponseWriter, r *http.Request, ordinal int) error {
	// What is stored may be an answer alone, which another request is about to make a take of.
	there := func(s pipeline.Segment) bool { return s.Stored && k.press.Has(s.Key) }
	from, to := ordinal, ordinal
	for from > max(1, ordinal-around) && there(k.plan.Segments[from-2]) {
		from--
	}
	for to < min(len(k.plan.Segments), ordinal+around) && there(k.plan.Segments[to]) {
		to++
	}
	x, err := k.press.Excerpt(r.Context(), k.order, k.plan, from, to)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "audio/mpeg")
	h.Set("Content-Length", strconv.Itoa(len(x.MP3)))
	for _, c := range x.Cues {
		if c.Segment == ordinal {
			h.Set("Narrapress-Segment", fmt.Sprintf("%d %.3f %.3f", ordinal, float64(c.Start), float64(c.End)))
		}
	}
	_, err = io.Copy(w, bytes.NewReader(x.MP3))
	return err
}

// mostSpoken bounds how many segments are spoken by one request: an episode is
// made by making it.
const mostSpoken = 50

// speak has a segment spoken, if its take is not stored. A retake is the next
// take that there is none of.
func (m *room) speak(w http.ResponseWriter, r *http.Request) error {
	k, ordinal, _, err := m.chosen(r)
	if err != nil {
		return err
	}
	n := 1
	if r.FormValue("count") != "" {
		if n, err = number(r, "count"); err != nil || n < 1 || n > mostSpoken {
			return faultf(http.StatusBadRequest, "1 to %d segments are spoken at a time", mostSpoken)
		}
	}
	if r.FormValue("retake") != "" {
		if k, err = m.retake(r, k, ordinal); err != nil {
			return err
		}
	}
	var ordinals []int
	for i := ordinal; i < ordinal+n && i <= len(k.plan.Segments); i++ {
		ordinals = append(ordinals, i)
	}
	if _, err := k.press.Speak(r.Context(), k.order, k.plan, ordinals...); err != nil {
		return err
	}
	next, err := m.planned(r.Context(), k.source, k.part, nil)
	if err != nil {
		return err
	}
	return m.done(w, r, next, ordinal)
}

// retake records a take of a segment that there is none of yet, and chooses it. The
// take is asked for before the edit is kept, and while others may write: one that
// the endpoint refuses leaves the episode as it was.
func (m *room) retake(r *http.Request, k *work, ordinal int) (*work, error) {
	all, err := k.press.Takes(k.plan, ordinal)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, t := range all {
		if t.Stored || t.Chosen {
			n = max(n, t.Number+1)
		}
	}
	o, err := k.withTake(ordinal, n)
	if err != nil {
		return nil, err
	}
	next, err := m.planned(r.Context(), k.source, k.part, o)
	if err != nil {
		return nil, err
	}
	if _, err := next.press.Speak(r.Context(), next.order, next.plan, ordinal); err != nil {
		return nil, err
	}
	m.writing.Lock()
	defer m.writing.Unlock()
	now, ordinal, _, err := m.chosen(r) // it may have been changed meanwhile
	if err != nil {
		return nil, err
	}
	if o, err = now.withTake(ordinal, n); err != nil {
		return nil, err
	}
	if err := o.Write(now.plan.Overlay.File()); err != nil {
		return nil, err
	}
	return m.planned(r.Context(), k.source, k.part, nil)
}

// withTake is the overlay with another take of a segment.
func (k *work) withTake(ordinal, take int) (*overlay.Overlay, error) {
	from := k.origin(ordinal - 1)
	if from == 0 {
		return nil, faultf(http.StatusConflict, "this segment was put in by hand: give its take in %s", k.plan.Overlay.File())
	}
	o := *k.plan.Overlay
	e := o.Of(k.plan.Automatic, from)
	e.Take = take
	o.Set(k.plan.Automatic, from, e)
	return &o, nil
}

// same finds the segment of another plan of the document that has the words of one.
func same(k, other *work, ordinal int) int {
	from := k.origin(ordinal - 1)
	for i := range other.plan.Segments {
		if from != 0 && other.origin(i) == from && segmentAt(other.plan.Automatic, from).Original() == segmentAt(k.plan.Automatic, from).Original() {
			return i + 1
		}
	}
	return min(ordinal, len(other.plan.Segments))
}

func segmentAt(sc *script.Script, ordinal int) *script.Segment {
	for place, seg := range sc.Segments() {
		if place.Ordinal == ordinal {
			return seg
		}
	}
	return &script.Segment{}
}
