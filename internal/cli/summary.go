package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// writeJSON writes the one document of --json.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// tell says what became of a source, as soon as it is known.
func (b *batch) tell(o outcome) {
	if o.err != nil {
		b.tellError(o)
		return
	}
	if b.opts.JSON || b.opts.Quiet {
		return
	}
	p := paint(b.streams.colours(b.streams.OutTerminal))
	switch {
	case o.Status == statusUnchanged:
		fmt.Fprintf(b.streams.Out, "%s %s\n", p.faint("unchanged"), o.file(b.streams))
		if o.Kept != "" {
			io.WriteString(b.streams.Out, warnings([]string{o.Source + ": " + o.Kept}, p))
		}
		return // what was found was said when it was made
	case o.Status == statusPlanned && o.Plan == nil:
		fmt.Fprintf(b.streams.Out, "%s would be made again: %s\n", b.streams.short(o.Dir), strings.Join(o.Changes, "; "))
	case o.Status == statusPlanned:
		fmt.Fprintln(b.streams.Out, planLine(o))
	case o.Status == statusDraft:
		fmt.Fprintf(b.streams.Out, "%s     %s: %s\n", p.faint("draft"), o.Source, pipeline.ErrDraft)
	case b.many():
		fmt.Fprintf(b.streams.Out, "%s      %s\n", p.green("made"), o.line(b.streams))
	default:
		io.WriteString(b.streams.Out, o.summary(b.streams, p))
		return // findings are in it
	}
	io.WriteString(b.streams.Out, warnings(o.Findings, p))
}

// tellError says once what is wrong; an interruption is told at the end.
func (b *batch) tellError(o outcome) {
	if o.Error.Kind == kindInterrupted || b.faults[o.Error.Message] {
		return
	}
	b.faults[o.Error.Message] = true
	if !b.opts.Quiet {
		io.WriteString(b.streams.Err, warnings(o.Findings, paint(b.streams.colours(b.streams.ErrTerminal))))
	}
	message := o.Error.Message
	if held := new(pipeline.CostError); errors.As(o.err, &held) && held.Unpriced == "" {
		message += "; allow more with " + allowing(held.Setting)
	}
	io.WriteString(b.streams.Err, complain(fmt.Errorf("%s", message)))
}

// allowing is what raises a limit of cost.
func allowing(setting string) string {
	switch setting {
	case "--max-cost", "limits.cost.episode":
		return "--max-cost or limits.cost.episode"
	}
	return setting
}

// end writes what the whole run came to, and returns the exit code.
func (b *batch) end() error {
	b.report.Totals.Seconds = time.Since(b.began).Seconds()
	c := b.report.exit()
	if b.report.Interrupted {
		fmt.Fprintf(b.streams.Err, "narrapress: interrupted: %s; go on with: %s\n", b.report.kept(), b.opts.shown())
	}
	if b.opts.JSON {
		if c == misused {
			return c // nothing was begun: there is nothing to report
		}
		if err := writeJSON(b.streams.Out, b.report); err != nil {
			return err
		}
	} else if b.many() && !b.opts.Quiet && c != misused {
		fmt.Fprintln(b.streams.Out, b.report.totalLine())
	}
	if c == done {
		return nil
	}
	return c
}

// kept is what an interrupted run leaves for the next one.
func (r *runReport) kept() string {
	t := r.Totals
	if t.Takes == 0 {
		return "nothing was recorded or spent"
	}
	s := fmt.Sprintf("%s kept (%s sent", count(t.Takes, "take"), count(t.Characters, "character"))
	if t.Cost > 0 {
		s += ", " + money(t.Cost, t.Currency)
	}
	return s + ")"
}

func (r *runReport) totalLine() string {
	t := r.Totals
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{t.Done, "made"},
		{t.Unchanged, "unchanged"},
		{t.Planned, "planned"},
		{t.Failed, "failed"},
		{t.Held, "held"},
		{t.Drafts, "left as drafts"},
		{t.Left, "not finished"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if t.Planned > 0 {
		sum := pipeline.Totals{Priced: true}
		for _, o := range r.Results {
			if o.Plan != nil {
				sum.New += o.Plan.New
				sum.Characters += o.Plan.Characters
				sum.Cost += o.Plan.Cost
				sum.Currency = o.Plan.Currency
				sum.Priced = sum.Priced && o.Plan.Priced
			}
		}
		return fmt.Sprintf("total: %s; %s, %s to send, %s", strings.Join(parts, ", "),
			count(sum.New, "request"), count(sum.Characters, "character"), planCost(sum))
	}
	line := fmt.Sprintf("total: %s; %s recorded, %s sent", strings.Join(parts, ", "),
		count(t.Takes, "take"), count(t.Characters, "character"))
	if t.Cost > 0 {
		line += ", " + money(t.Cost, t.Currency)
	}
	return line + "; " + clockTime(time.Duration(t.Seconds*float64(time.Second)))
}

// file is the audio file of an outcome, else its folder.
func (o *outcome) file(s Streams) string {
	for _, f := range o.Files {
		if strings.HasSuffix(f, ".mp3") {
			return s.short(f)
		}
	}
	return s.short(o.Dir)
}

// line is a finished episode of a batch.
func (o *outcome) line(streams Streams) string {
	s := o.file(streams)
	if o.Episode != nil {
		s += "  " + clockTime(o.Episode.Length.Duration())
	}
	s += fmt.Sprintf("  %s made, %d reused", count(o.Made, "take"), o.Reused)
	if o.Cost > 0 {
		s += "  " + money(o.Cost, o.Currency)
	}
	return s
}

// planLine is a dry run's source.
func planLine(o outcome) string {
	t := o.Plan
	name := o.Source
	if name == stdin {
		name = "standard input"
	}
	return fmt.Sprintf("%s: %s, %d new and %d stored, %s to send, %s; about %s long", name,
		count(t.Segments, "segment"), t.New, t.Stored, count(t.Characters, "character"),
		planCost(t.Totals), clockTime(time.Duration(t.Length*float64(time.Second))))
}

// summary is a finished episode as a person wants to see it.
func (o *outcome) summary(s Streams, p paint) string {
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "  %-10s %s\n", name, value) }
	if e := o.Episode; e != nil {
		fmt.Fprintln(&b, p.bold(e.Title))
		row("file", o.file(s))
		row("length", clockTime(e.Length.Duration()))
		for i, c := range e.Chapters {
			name := ""
			if i == 0 {
				name = "chapters"
			}
			row(name, fmt.Sprintf("%7s  %s", startTime(c.Start), c.Title))
		}
		row("loudness", loudnessText(e.Loudness))
	} else {
		row("file", o.file(s))
	}
	if w := gate.Warnings(o.Gate); len(w) > 0 {
		var rules []string
		for _, f := range w {
			rules = append(rules, f.Rule)
		}
		row("gate", fmt.Sprintf("passed; warns of %s (report.md)", strings.Join(rules, ", ")))
	}
	row("takes", fmt.Sprintf("%d made, %d reused", o.Made, o.Reused))
	for i, c := range o.Changes {
		name := ""
		if i == 0 {
			name = "changed"
		}
		row(name, c)
	}
	row("sent", count(o.Characters, "character"))
	if o.Made > 0 {
		row("cost", cost(o.Cost, o.Currency, o.Priced))
	}
	if len(o.Endpoints) > 1 {
		for _, e := range o.Endpoints {
			row("", billText(e))
		}
	}
	if o.Engine != "" {
		row("voices", o.Engine)
	}
	row("took", clockTime(time.Duration(o.Seconds*float64(time.Second))))
	b.WriteString(warnings(o.Findings, p))
	return b.String()
}

// warnings are findings, one a line.
func warnings(findings []string, p paint) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(p.yellow("warning:") + " " + f + "\n")
	}
	return b.String()
}
