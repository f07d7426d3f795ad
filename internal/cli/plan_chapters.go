package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// planList is what plan --json prints of a source that is divided.
type planList struct {
	Version  int           `json:"version"`
	Source   string        `json:"source"`
	Engine   string        `json:"engine,omitempty"`
	Episodes []planEpisode `json:"episodes"`
}

// planEpisode is one of a source's episodes, without its segments.
type planEpisode struct {
	Chapter  int             `json:"chapter"` // as --chapter has it
	ID       string          `json:"id"`
	Slug     string          `json:"slug"`
	Title    string          `json:"title"`
	Totals   pipeline.Totals `json:"totals"`
	Length   float64         `json:"length"` // seconds, estimated
	Findings []string        `json:"findings"`
}

// planEach lists the episodes that a source is divided into.
func planEach(ctx context.Context, o planOptions, press *pipeline.Press, source string, orders []pipeline.Order, s Streams) error {
	list := planList{Version: 1, Source: source, Engine: press.Engine()}
	var all pipeline.Plan
	all.Totals.Priced = true
	p := paint(s.colours(s.OutTerminal))
	for i, order := range orders {
		plan, err := press.Plan(ctx, order)
		if err != nil {
			return &sourceError{order.Name(), err}
		}
		e := planEpisode{
			Chapter: i + 1, ID: plan.Script.ID, Slug: plan.Script.Slug, Title: plan.Script.Title,
			Totals: plan.Totals, Length: plan.Length.Seconds(), Findings: []string{},
		}
		for _, f := range plan.Findings {
			e.Findings = append(e.Findings, f.String())
		}
		list.Episodes = append(list.Episodes, e)
		sum(&all, plan)
		if o.JSON || o.Quiet {
			continue
		}
		t := plan.Totals
		fmt.Fprintf(s.Out, "%3d  %s\n     %s, %d new and %d stored; %s to send, %s; about %s long\n", i+1, p.bold(e.Title),
			count(t.Segments, "segment"), t.New, t.Stored, count(t.Characters, "character"), planCost(t), clockTime(plan.Length))
		io.WriteString(s.Out, warnings(e.Findings, p))
	}
	switch {
	case o.JSON:
		return writeJSON(s.Out, list)
	case !o.Quiet:
		t := all.Totals
		fmt.Fprintf(s.Out, "\n%s in all: %s, %d new and %d stored; %s to send, %s; about %s long\n",
			count(len(orders), "episode"), count(t.Segments, "segment"), t.New, t.Stored, count(t.Characters, "character"), planCost(t),
			clockTime(all.Length))
		for _, e := range t.Endpoints {
			fmt.Fprintf(s.Out, "  %s\n", billText(e))
		}
		fmt.Fprintf(s.Out, "show one with: narrapress plan %s --chapter 1\n", quoteArg(source))
	}
	return nil
}

// sum adds a plan to the plan of all.
func sum(all, plan *pipeline.Plan) {
	t, of := &all.Totals, plan.Totals
	t.Segments += of.Segments
	t.Stored += of.Stored
	t.New += of.New
	t.Characters += of.Characters
	t.Cost += of.Cost
	t.Currency = of.Currency
	if t.Priced = t.Priced && of.Priced; of.Unpriced != "" {
		t.Unpriced = of.Unpriced
	}
	for _, e := range of.Endpoints {
		i := slices.IndexFunc(t.Endpoints, func(b publish.Bill) bool { return b.Endpoint == e.Endpoint && b.Currency == e.Currency })
		if i < 0 {
			t.Endpoints = append(t.Endpoints, e)
			continue
		}
		b := &t.Endpoints[i]
		b.Requests, b.Characters, b.Cost, b.Priced = b.Requests+e.Requests, b.Characters+e.Characters, b.Cost+e.Cost, b.Priced && e.Priced
	}
	all.Length += plan.Length
}
