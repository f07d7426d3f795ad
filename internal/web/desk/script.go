package desk

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// scriptPage is a document beside the script of how it will be spoken.
type scriptPage struct {
	scriptTop
	Parts    []link // of a divided book
	Findings []string
	Chapters []*chapter
	Plan     planLine
	Edits    int // of the overlay
	Overlay  string
	Episode  string // address of what the gate says of it; empty where it was not made
}

type planLine struct {
	Segments, Stored, New, Characters int
	Cost                              string
	Length                            time.Duration
}

type chapter struct {
	Title    string
	Hidden   bool
	Segments []segment
}

// segment is a row: what the author wrote, and what is said.
type segment struct {
	Ordinal      int
	Role, Voice  string
	Own          string // voice that was chosen for this segment alone
	Pause        float64
	Characters   int
	Cost         string
	Stored       bool
	Key          string
	Take         int
	Written      []run
	Spoken       string
	Announcement bool
	Edited       bool
	At           string
}

// run is a stretch of what the author wrote; where it is said otherwise, how, and
// who says so.
type run struct{ Text, Spoken, Rule string }

// work is a document that is looked at.
type work struct {
	room   *room
	source string // name of the document
	part   int
	press  *pipeline.Press
	order  pipeline.Order
	parts  []pipeline.Order
	plan   *pipeline.Plan

	automatic []*script.Segment // of the script that nobody has changed
}

// plan is the document that a request names, planned.
func (m *room) plan(r *http.Request) (*work, error) {
	part := 0
	if s := r.FormValue("part"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return nil, faultf(http.StatusBadRequest, "part is a chapter's number, not %q", s)
		}
		part = n
	}
	return m.planned(r.Context(), r.FormValue("source"), part, nil)
}

// planned plans a document; with an overlay in the place of its own, if there is one.
func (m *room) planned(ctx context.Context, source string, part int, instead *overlay.Overlay) (*work, error) {
	path, err := m.document(source)
	if err != nil {
		return nil, err
	}
	k := &work{room: m, source: source, part: part, order: pipeline.Order{Source: path, Overlay: instead}}
	if k.press, err = m.open(ctx); err != nil {
		return nil, err
	}
	if k.parts, err = k.press.Divide(ctx, k.order); err != nil {
		return nil, err
	}
	switch {
	case part > len(k.parts), part == 0 && len(k.parts) > 1:
		return k, nil // which of them is to be chosen
	case len(k.parts) == 1:
		k.part, k.order = 0, k.parts[0]
	default:
		k.order = k.parts[part-1]
	}
	k.order.Overlay = instead
	if k.plan, err = k.press.Plan(ctx, k.order); err != nil {
		return nil, err
	}
	for _, seg := range k.plan.Automatic.Segments() {
		k.automatic = append(k.automatic, seg)
	}
	return k, nil
}

// whole says that a chapter of a divided book is to be chosen first.
func (k *work) whole() error {
	if k.plan == nil {
		return faultf(http.StatusBadRequest, "%s is made into %d episodes: name one as part", k.source, len(k.parts))
	}
	return nil
}

func (k *work) page() *scriptPage {
	p := &scriptPage{scriptTop: k.room.scriptTop(k.press, k.source, k.part)}
	if len(k.parts) > 1 {
		for i, o := range k.parts {
			p.Parts = append(p.Parts, link{o.Name(), k.room.address("script", "source", k.source, "part", strconv.Itoa(i+1))})
		}
	}
	if k.plan == nil {
		return p
	}
	plan := k.plan
	p.Title = plan.Script.Title
	p.Plan = planLine{
		Segments: plan.Totals.Segments, Stored: plan.Totals.Stored, New: plan.Totals.New, Characters: plan.Totals.Characters,
		Cost: money(plan.Totals.Cost, plan.Totals.Currency, plan.Totals.Priced), Length: plan.Length,
	}
	for _, f := range plan.Findings {
		p.Findings = append(p.Findings, f.String())
	}
	p.Edits, p.Overlay = len(plan.Overlay.Edits)+len(plan.Overlay.Lexicon), filepath.Base(k.plan.Overlay.File())
	// Where its folder has another name the list of episodes has it: no page looks
	// through thousands of manifests for one link.
	if dir, _, err := k.room.folder(plan.Script.Slug); err == nil {
		if head, err := publish.ReadHead(dir); err == nil && head.Episode.ID == plan.Script.ID {
			p.Episode = k.room.address("release/" + plan.Script.Slug)
		}
	}
	i := 0
	for _, c := range plan.Script.Chapters {
		ch := &chapter{Title: c.Title, Hidden: c.Hidden, Segments: make([]segment, 0, len(c.Segments))}
		for j := range c.Segments {
			ch.Segments = append(ch.Segments, k.row(i, &c.Segments[j]))
			i++
		}
		if len(ch.Segments) > 0 || !c.Hidden {
			p.Chapters = append(p.Chapters, ch)
		}
	}
	return p
}

// row is what is seen of the i-th segment of the plan.
func (k *work) row(i int, seg *script.Segment) segment {
	known := k.plan.Segments[i]
	s := segment{
		Ordinal: i + 1, Role: seg.Role, Voice: known.Voice, Own: seg.Voice, Pause: seg.Pause.Seconds(), Characters: known.Characters,
		Stored: known.Stored, Key: known.Key, Take: seg.Take, Spoken: seg.Text, Announcement: seg.Announcement, At: seg.At(),
		Written: runs(seg),
	}
	if !known.Stored && known.Price > 0 {
		s.Cost = money(known.Price, k.plan.Totals.Currency, true)
	}
	s.Edited = k.edited(i, seg)
	return s
}

// edited says whether a person changed the i-th segment.
func (k *work) edited(i int, seg *script.Segment) bool {
	from := k.origin(i)
	if from == 0 {
		return true
	}
	was := k.automatic[from-1]
	return was.Text != seg.Text || was.Role != seg.Role || was.Voice != seg.Voice || was.Pause != seg.Pause || was.Take != seg.Take
}

// origin is the ordinal in the automatic script of the i-th segment; 0 of one
// that a person put in.
func (k *work) origin(i int) int {
	if i < len(k.plan.Origin) {
		return k.plan.Origin[i]
	}
	return i + 1
}

// runs are what the author wrote of a segment, with what is said otherwise.
func runs(seg *script.Segment) []run {
	written := seg.Original()
	if seg.Written == "" || len(seg.Edits) == 0 {
		if written == "" {
			return nil
		}
		return []run{{Text: written}}
	}
	var out []run
	at := 0
	for _, e := range seg.Edits {
		if e.From < at || e.To > len(written) {
			return []run{{Text: written}}
		}
		if e.From > at {
			out = append(out, run{Text: written[at:e.From]})
		}
		if text := written[e.From:e.To]; text != "" && strings.TrimSpace(text) != strings.TrimSpace(e.Spoken) {
			out = append(out, run{text, e.Spoken, e.Rule})
		} else if text != "" {
			out = append(out, run{Text: text})
		}
		at = e.To
	}
	if at < len(written) {
		out = append(out, run{Text: written[at:]})
	}
	return out
}

// change is a line of what a person changed.
type change struct {
	Change  string // added, removed or kept
	Ordinal int
	Role    string
	Text    string
}

type diffPage struct {
	base
	Source  string
	Part    int
	Changes []change
}

// diff shows the script beside the automatic one.
func (m *room) diff(w http.ResponseWriter, r *http.Request) error {
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	if err := k.whole(); err != nil {
		return err
	}
	p := diffPage{base: m.base("What was changed by hand"), Source: k.source, Part: k.part}
	for _, c := range script.Diff(k.plan.Automatic, k.plan.Script) {
		if c.Change == script.Kept {
			continue
		}
		p.Changes = append(p.Changes, change{map[script.Change]string{script.Added: "added", script.Removed: "removed"}[c.Change], c.Ordinal, c.Segment.Role, c.Segment.Text})
	}
	render(w, http.StatusOK, "diff", p)
	return nil
}

// number is a whole number of a form.
func number(r *http.Request, name string) (int, error) {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil {
		return 0, faultf(http.StatusBadRequest, "%s is a number, not %q", name, r.FormValue(name))
	}
	return n, nil
}
