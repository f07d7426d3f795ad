package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script"
)

// editedJSON is a segment that a person's edits change, put in or leave out, as
// plan --edits --json writes it.
type editedJSON struct {
	Change  string   `json:"change"`  // changed, added or removed
	Ordinal int      `json:"ordinal"` // in the script; of a removed one in the automatic script
	Role    string   `json:"role"`
	Text    string   `json:"text"`
	Was     string   `json:"was,omitempty"`    // its text, where that is another
	Manner  []string `json:"manner,omitempty"` // what else is otherwise
}

// editsDocument is what a person's edits change.
type editsDocument struct {
	Version  int          `json:"version"` // of this document's shape
	Source   string       `json:"source"`
	Edits    *planEdits   `json:"edits,omitempty"`
	Changes  []editedJSON `json:"changes"`
	Chapters []string     `json:"chapters"` // a line each of those that begin otherwise
}

// writeEdits shows what a person's edits of a document change in its script.
func writeEdits(o planOptions, source string, p *pipeline.Plan, s Streams) error {
	d := editsDocument{Version: 1, Source: source, Edits: newPlanEdits(p), Changes: []editedJSON{}, Chapters: []string{}}
	if p.Origin != nil {
		d.compare(p)
	}
	if o.JSON {
		return writeJSON(s.Out, d)
	}
	_, err := io.WriteString(s.Out, d.text(s.columns(), paint(s.colours(s.OutTerminal))))
	return err
}

// compare lays the script beside the automatic one.
func (d *editsDocument) compare(p *pipeline.Plan) {
	var autos []*script.Segment
	for _, g := range p.Automatic.Segments() {
		autos = append(autos, g)
	}
	n, next := 0, 1
	removed := func(to int) {
		for ; next < to; next++ {
			d.Changes = append(d.Changes, editedJSON{Change: "removed", Ordinal: next, Role: autos[next-1].Role, Text: autos[next-1].Text})
		}
	}
	for _, g := range p.Script.Segments() {
		m := p.Origin[n]
		n++
		e := editedJSON{Change: "added", Ordinal: n, Role: g.Role, Text: g.Text}
		if m > 0 {
			removed(m)
			next = m + 1
			if !e.changed(autos[m-1], g) {
				continue
			}
		}
		d.Changes = append(d.Changes, e)
	}
	removed(len(autos) + 1)
	d.chapters(p)
}

// changed says whether a segment is otherwise than it was, and notes how.
func (e *editedJSON) changed(was, is *script.Segment) bool {
	e.Change = "changed"
	if was.Text != is.Text {
		e.Was = was.Text
	}
	if was.Role != is.Role {
		e.Manner = append(e.Manner, fmt.Sprintf("role %s → %s", was.Role, is.Role))
	}
	if was.Voice != is.Voice {
		e.Manner = append(e.Manner, "voice "+is.Voice)
	}
	if is.Take != was.Take {
		e.Manner = append(e.Manner, fmt.Sprintf("retake %d", is.Take))
	}
	if was.Pause != is.Pause {
		e.Manner = append(e.Manner, fmt.Sprintf("then %s → %s", seconds(was.Pause), seconds(is.Pause)))
	}
	return e.Was != "" || e.Manner != nil
}

// chapters tells of those that begin elsewhere, or have another title.
func (d *editsDocument) chapters(p *pipeline.Plan) {
	type begin struct {
		at    int // ordinal in the automatic script, of what was put in 0
		title string
	}
	begins := func(s *script.Script, origin func(ordinal int) int) (out []begin) {
		n := 0
		for _, c := range s.Chapters {
			at := 0
			for i := range c.Segments {
				if n++; at == 0 || i == 0 {
					at = max(at, origin(n)) // the first that the document has
				}
			}
			out = append(out, begin{at, c.Title})
		}
		return out
	}
	was := begins(p.Automatic, func(n int) int { return n })
	is := begins(p.Script, func(n int) int { return p.Origin[n-1] })
	missing := func(mark string, of, in []begin) {
		for _, b := range of {
			found := false
			for _, other := range in {
				found = found || b == other
			}
			if !found {
				d.Chapters = append(d.Chapters, mark+" chapter "+b.title)
			}
		}
	}
	missing("-", was, is)
	missing("+", is, was)
}

func (d *editsDocument) text(columns int, paint paint) string {
	var b strings.Builder
	for _, c := range d.Changes {
		mark, colour := "~", paint.bold
		switch c.Change {
		case "added":
			mark, colour = "+", paint.green
		case "removed":
			mark, colour = "-", paint.yellow
		}
		head := append([]string{c.Role}, c.Manner...)
		fmt.Fprintf(&b, "%s\n", colour(fmt.Sprintf("%s %4d  %s", mark, c.Ordinal, strings.Join(head, " · "))))
		if c.Was != "" {
			b.WriteString(wrap(c.Was, "        ", columns))
			b.WriteString(wrap("→ "+c.Text, "      ", columns))
			continue
		}
		b.WriteString(wrap(c.Text, "        ", columns))
	}
	for _, c := range d.Chapters {
		b.WriteString(c + "\n")
	}
	if d.Edits == nil {
		b.WriteString("there are no edits\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%s: %s of segments, %s of chapters\n", d.Edits.File, count(len(d.Changes), "change"), number(len(d.Chapters)))
	return b.String()
}
