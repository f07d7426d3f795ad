package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/source"
)

// batchListOptions are the flags of batch list.
type batchListOptions struct {
	*globals
	Schedule string
	Out      string
}

func newBatchList(g *globals, s Streams) *cobra.Command {
	o := batchListOptions{globals: g}
	c := &cobra.Command{
		Use:   "list [SOURCE…]",
		Short: "List the posts of the sources, and what is new, changed or gone",
		Long: `list looks through the sources of the show in the working folder (or of
--config) and says of each post whether an episode was made of it: new, changed,
unchanged, or withdrawn where the episode is there and the post is gone. Nothing
is made. A SOURCE is the name of one of the show's, or a file, a pattern, a folder
or an address of a feed, a sitemap or a page.

What cannot be used is named with its reason, and leaves the others alone. What
was known of feeds and files is kept in .sources.json in the output folder.`,
		Example: `  narrapress batch list
  narrapress batch list --schedule nightly --json | jq '.items[] | select(.state == "new")'
  narrapress batch list https://example.com/feed.xml 'posts/**/*.md'`,
		RunE: func(c *cobra.Command, args []string) error {
			return runBatchList(c.Context(), o, s, args)
		},
	}
	c.Flags().StringVar(&o.Schedule, "schedule", "", "only the sources of the schedule `NAME`")
	c.Flags().StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are in")
	return c
}

// batchList is what list --json writes.
type batchList struct {
	Version  int            `json:"version"` // of this document's shape
	Schedule string         `json:"schedule,omitempty"`
	Items    []batchItem    `json:"items"`
	Problems []batchProblem `json:"problems"`
	Findings []string       `json:"findings"`
	Totals   map[string]int `json:"totals"` // by state, and "problems"
}

// batchItem is a post.
type batchItem struct {
	State    source.State `json:"state"`
	ID       string       `json:"id"`
	Location string       `json:"location"`
	Source   string       `json:"source"`
	Title    string       `json:"title,omitempty"`
	Author   string       `json:"author,omitempty"`
	Date     time.Time    `json:"date,omitzero"`
	Tags     []string     `json:"tags,omitempty"`
	Words    int          `json:"words,omitempty"`
	Draft    bool         `json:"draft,omitempty"`
	Hash     string       `json:"hash"`
	Dir      string       `json:"dir,omitempty"` // of its episode; of a book that is divided, of one of them
}

// batchProblem is a source or a post that was set aside.
type batchProblem struct {
	Source    string        `json:"source"`
	Item      string        `json:"item,omitempty"`
	Reason    source.Reason `json:"reason"`
	Message   string        `json:"message"`
	Temporary bool          `json:"temporary"`
}

func runBatchList(ctx context.Context, o batchListOptions, s Streams, args []string) error {
	cfg, err := newShows(o.globals, s, o.Out, nil).config(ctx, stdin)
	if err != nil {
		return err
	}
	sources, err := wanted(cfg, o.Schedule, args, s.Dir)
	if err != nil {
		return err
	}
	found, compared, err := look(ctx, cfg, sources, s)
	if err != nil {
		return err
	}
	l := listOf(found, compared, s)
	l.Schedule = o.Schedule
	if o.JSON {
		if err := writeJSON(s.Out, l); err != nil {
			return err
		}
	} else {
		io.WriteString(s.Out, l.text(paint(s.colours(s.OutTerminal))))
		if !o.Quiet {
			for _, f := range l.Findings {
				fmt.Fprintln(s.Err, f)
			}
		}
	}
	for _, p := range l.Problems {
		fmt.Fprintf(s.Err, "narrapress: %s\n", p.text())
	}
	switch {
	case len(l.Problems) == 0:
		return nil
	case len(l.Items) == 0:
		return failed
	}
	return partly
}

// look lists the posts of sources, and lays them beside the episodes.
func look(ctx context.Context, cfg *config.Config, sources []config.Source, s Streams) (*source.Listing, []source.Compared, error) {
	memory, err := source.OpenMemory(cfg.Output.Dir)
	if err != nil {
		return nil, nil, err
	}
	lister := source.New(cfg, source.Options{Memory: memory})
	found, err := lister.List(ctx, sources)
	if err != nil {
		return nil, nil, err
	}
	if err := memory.Save(); err != nil {
		fmt.Fprintf(s.Err, "%v\n", err) // it costs time next time, and nothing else
	}
	made, findings, err := source.Episodes(cfg.Output.Dir)
	if err != nil {
		return nil, nil, err
	}
	found.Findings = append(found.Findings, findings...)
	return found, lister.Compare(sources, found, made), nil
}

func listOf(found *source.Listing, compared []source.Compared, s Streams) *batchList {
	l := &batchList{
		Version: 1, Items: []batchItem{}, Problems: []batchProblem{}, Findings: append([]string{}, found.Findings...),
		Totals: map[string]int{"problems": len(found.Problems)},
	}
	for _, c := range compared {
		it, dir := c.Item, ""
		if len(c.Dirs) > 0 {
			dir = s.place(c.Dirs[0])
		}
		l.Totals[string(c.State)]++
		l.Items = append(l.Items, batchItem{
			State: c.State, ID: it.ID, Location: s.place(it.Location), Source: it.Source, Title: it.Title, Author: it.Author, Date: it.Date,
			Tags: it.Tags, Words: it.Words, Draft: it.Draft, Hash: it.Hash, Dir: dir,
		})
	}
	for _, p := range found.Problems {
		message := oneLined(p.Err.Error())
		for _, where := range []string{p.Item, p.Source} {
			message = strings.TrimPrefix(message, where+": ") // it is said beside it
		}
		l.Problems = append(l.Problems, batchProblem{
			Source: p.Source, Item: s.place(p.Item), Reason: p.Reason, Message: message, Temporary: p.Temporary(),
		})
	}
	return l
}

// place is a path as a person has it, or what else names a place.
func (s Streams) place(name string) string {
	if filepath.IsAbs(name) {
		return s.short(name)
	}
	return name
}

// text is a table: state, day, the beginning of the hash, place, title.
func (l *batchList) text(p paint) string {
	var b strings.Builder
	for _, it := range l.Items {
		day := "          "
		if !it.Date.IsZero() {
			day = it.Date.Format(time.DateOnly)
		}
		state := fmt.Sprintf("%-9s", it.State)
		switch it.State {
		case source.IsNew, source.IsChanged:
			state = p.green(state)
		case source.IsWithdrawn:
			state = p.yellow(state)
		case source.IsUnchanged:
			state = p.faint(state)
		}
		title := it.Title
		if it.Draft {
			title = strings.TrimSpace(title + " (draft)")
		}
		fmt.Fprintf(&b, "%s  %s  %.8s  %s  %s\n", state, day, it.Hash, it.Location, title)
	}
	var parts []string
	for _, state := range []source.State{source.IsNew, source.IsChanged, source.IsUnchanged, source.IsWithdrawn} {
		if n := l.Totals[string(state)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if n := l.Totals["problems"]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d set aside", n))
	}
	if len(parts) == 0 {
		parts = []string{"no posts"}
	}
	b.WriteString(p.bold("total: "+strings.Join(parts, ", ")) + "\n")
	return b.String()
}

func (p *batchProblem) text() string {
	where := p.Source
	if p.Item != "" && p.Item != p.Source {
		where += ": " + p.Item
	}
	return fmt.Sprintf("%s: %s: %s", where, p.Reason, p.Message)
}
