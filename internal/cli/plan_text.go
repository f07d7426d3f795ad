package cli

import (
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// planText shows a plan to a person, wrapped to columns.
func planText(p *pipeline.Plan, engine string, columns int, paint paint) string {
	var b strings.Builder
	b.WriteString(paint.bold(p.Script.Title) + "\n")
	for _, line := range []struct{ name, value string }{
		{"author", p.Script.Author}, {"language", p.Script.Language}, {"id", p.Script.ID}, {"voices", engine}, {"edits", editsOf(p)},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", line.name, line.value)
		}
	}
	n := 0
	for i, c := range p.Script.Chapters {
		fmt.Fprintf(&b, "\n%s\n", paint.bold(chapterLine(i, c)))
		for _, seg := range c.Segments {
			known := p.Segments[n]
			n++
			state := paint.yellow("new")
			switch {
			case known.Stored:
				state = paint.green("stored")
			case known.Repeated:
				state = paint.green("as before") // asked for once
			}
			role := seg.Role
			if seg.Announcement {
				role += " (announced)"
			}
			if seg.Take > 0 {
				role += fmt.Sprintf(" (retake %d)", seg.Take)
			}
			fmt.Fprintf(&b, "\n%4d  %s · %s · %s · %s", n, role, known.Voice, state, count(known.Characters, "character"))
			if seg.Pause > 0 {
				fmt.Fprintf(&b, " · then %s", seconds(seg.Pause))
			}
			b.WriteByte('\n')
			b.WriteString(wrap(seg.Text, "      ", columns))
		}
	}
	b.WriteByte('\n')
	for _, f := range p.Findings {
		b.WriteString(paint.yellow("warning:") + " " + f.String() + "\n")
	}
	b.WriteString(planTotal(p) + "\n")
	for _, e := range p.Totals.Endpoints {
		b.WriteString("  " + billText(e) + "\n")
	}
	return b.String()
}

func chapterLine(i int, c script.Chapter) string {
	title := c.Title
	if title == "" {
		title = "(untitled)"
	}
	line := fmt.Sprintf("Chapter %d: %s", i+1, title)
	var notes []string
	if c.Kind != script.Body {
		notes = append(notes, string(c.Kind))
	}
	if c.Hidden {
		notes = append(notes, "hidden")
	}
	if len(notes) > 0 {
		line += " [" + strings.Join(notes, ", ") + "]"
	}
	return line
}

// planTotal is a plan in a line.
func planTotal(p *pipeline.Plan) string {
	t := p.Totals
	return fmt.Sprintf("%s in %s, %d new and %d stored; %s to send, %s; about %s long",
		count(t.Segments, "segment"), count(len(p.Script.Chapters), "chapter"), t.New, t.Stored,
		count(t.Characters, "character"), planCost(t), clockTime(p.Length))
}

// planCost is what making a plan costs.
func planCost(t pipeline.Totals) string {
	if t.New == 0 {
		return "nothing to pay"
	}
	return cost(t.Cost, t.Currency, t.Priced)
}

// billText is what one endpoint is asked for.
func billText(b publish.Bill) string {
	return fmt.Sprintf("%s: %s, %s, %s", b.Endpoint, count(b.Requests, "request"), count(b.Characters, "character"), cost(b.Cost, b.Currency, b.Priced))
}

// planDocument is a plan as --json writes it. Times are seconds.
type planDocument struct {
	Version  int             `json:"version"` // of this document's shape
	Source   string          `json:"source"`
	ID       string          `json:"id,omitempty"`
	Slug     string          `json:"slug,omitempty"`
	Title    string          `json:"title"`
	Author   string          `json:"author,omitempty"`
	Language string          `json:"language,omitempty"`
	Engine   string          `json:"engine,omitempty"` // where the program found the voices itself
	Edits    *planEdits      `json:"edits,omitempty"`  // a person's, that are in it
	Chapters []planChapter   `json:"chapters"`
	Totals   pipeline.Totals `json:"totals"`
	Length   float64         `json:"length"` // estimated
	Findings []string        `json:"findings"`
}

type planChapter struct {
	Title    string        `json:"title"`
	Kind     script.Kind   `json:"kind,omitempty"`
	Hidden   bool          `json:"hidden,omitempty"`
	Segments []planSegment `json:"segments"`
}

type planSegment struct {
	Ordinal      int     `json:"ordinal"`
	Role         string  `json:"role"`
	Voice        string  `json:"voice"`
	Text         string  `json:"text"`
	Pause        float64 `json:"pause"`
	Announcement bool    `json:"announcement,omitempty"`
	Take         int     `json:"take,omitempty"`
	At           string  `json:"at,omitempty"`
	Key          string  `json:"key"`
	Stored       bool    `json:"stored"`
	Characters   int     `json:"characters"`
	Cost         float64 `json:"cost"`
}

func newPlanDocument(source, engine string, p *pipeline.Plan) planDocument {
	sc := p.Script
	d := planDocument{
		Version: 1, Source: source, ID: sc.ID, Slug: sc.Slug, Title: sc.Title, Author: sc.Author, Language: sc.Language,
		Engine: engine, Edits: newPlanEdits(p), Chapters: []planChapter{}, Totals: p.Totals, Length: p.Length.Seconds(), Findings: []string{},
	}
	n := 0
	for _, c := range sc.Chapters {
		pc := planChapter{Title: c.Title, Kind: c.Kind, Hidden: c.Hidden, Segments: []planSegment{}}
		for _, seg := range c.Segments {
			known := p.Segments[n]
			n++
			pc.Segments = append(pc.Segments, planSegment{
				Ordinal: n, Role: seg.Role, Voice: known.Voice, Text: seg.Text, Pause: seg.Pause.Seconds(),
				Announcement: seg.Announcement, Take: seg.Take, At: seg.At(),
				Key: known.Key, Stored: known.Stored, Characters: known.Characters, Cost: known.Cost,
			})
		}
		d.Chapters = append(d.Chapters, pc)
	}
	for _, f := range p.Findings {
		d.Findings = append(d.Findings, f.String())
	}
	return d
}
