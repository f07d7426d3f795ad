package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// releaseOptions are the flags and arguments of release.
type releaseOptions struct {
	*globals
	Episode string
	Note    string
	By      string
	Out     string
	List    bool
	Revoke  bool
}

func newRelease(g *globals, s Streams) *cobra.Command {
	o := releaseOptions{globals: g}
	c := &cobra.Command{
		Use:   "release EPISODE --note TEXT",
		Short: "Let an episode out that the gate holds",
		Long: `release lets the build of an episode through that the release gate holds back:
EPISODE is its folder, its slug or its ID. The note says why, and is kept in
release.json in the episode's folder. It holds for that build alone: another one
that breaks a rule is held again. --revoke takes it back.`,
		Example: `  narrapress release --list
  narrapress release my-post --note "the long silence is meant"
  narrapress release my-post --revoke`,
		Args: between(0, 1, "an EPISODE"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Episode = args[0]
			}
			return runRelease(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Note, "note", "", "why it may go out, as `TEXT`")
	f.StringVar(&o.By, "by", "", "`NAME` of who lets it out, to be kept with the note")
	f.StringVar(&o.Out, "out", "", "`DIR` that the episodes' folders are in")
	f.BoolVar(&o.List, "list", false, "list what is held, and why")
	f.BoolVar(&o.Revoke, "revoke", false, "take a release back")
	return c
}

func (o *releaseOptions) validate() error {
	o.Note = strings.TrimSpace(o.Note)
	switch {
	case o.List && (o.Episode != "" || o.Revoke || o.Note != ""):
		return misuse("--list takes nothing beside it")
	case !o.List && o.Episode == "":
		return misuse("name the EPISODE to let out, or ask for --list")
	case o.Revoke && o.Note != "":
		return misuse("--revoke and --note do not go together")
	case !o.List && !o.Revoke && o.Note == "":
		return misuse("--note says why it may go out: it is kept with the episode")
	}
	return nil
}

// heldList is what release --list --json writes.
type heldList struct {
	Version int           `json:"version"` // of this document's shape
	Out     string        `json:"out"`
	Held    []heldEpisode `json:"held"`
}

type heldEpisode struct {
	ID      string         `json:"id"`
	Slug    string         `json:"slug"`
	Title   string         `json:"title"`
	Dir     string         `json:"dir"`
	Build   string         `json:"build"`
	Aside   bool           `json:"aside"` // an earlier build of it stays in the feed
	Reasons []gate.Finding `json:"reasons"`
}

func runRelease(ctx context.Context, o releaseOptions, s Streams) error {
	if err := o.validate(); err != nil {
		return err
	}
	cfg, err := newShows(o.globals, s, o.Out, nil).config(ctx, stdin)
	if err != nil {
		return err
	}
	out := s.short(cfg.Output.Dir)
	var dir string
	done := "is released"
	switch {
	case o.List:
		return listHeld(out, o, s)
	case o.Revoke:
		done = "is held again"
		dir, err = pipeline.Revoke(out, o.Episode)
	default:
		r := publish.Release{Note: o.Note, By: strings.TrimSpace(o.By), When: time.Now().UTC().Truncate(time.Second)}
		dir, err = pipeline.Release(out, o.Episode, r)
	}
	_, withdrawn := publish.Withdrawn(dir)
	switch dir = s.short(dir); {
	case err != nil:
		return err
	case o.JSON:
		return writeJSON(s.Out, releasedEpisode{Version: 1, Dir: dir, Released: !o.Revoke, Note: o.Note, Withdrawn: withdrawn})
	case !o.Quiet:
		if withdrawn != "" && !o.Revoke {
			done += "; it is not in the feed, for it is " + withdrawn
		}
		fmt.Fprintf(s.Out, "%s %s\n", dir, done)
	}
	return nil
}

// releasedEpisode is what release --json writes of one.
type releasedEpisode struct {
	Version   int    `json:"version"` // of this document's shape
	Dir       string `json:"dir"`
	Released  bool   `json:"released"`
	Note      string `json:"note,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"` // why it is out of the feed all the same
}

func listHeld(out string, o releaseOptions, s Streams) error {
	if err := pipeline.Settle(out); err != nil {
		return err
	}
	held, findings, err := publish.FindHeld(out)
	if err != nil {
		return err
	}
	list := heldList{Version: 1, Out: out, Held: []heldEpisode{}}
	for _, h := range held {
		e := h.Head.Episode
		one := heldEpisode{ID: e.ID, Slug: e.Slug, Title: e.Title, Dir: h.Dir, Build: h.Head.Build, Aside: h.Aside}
		if h.Head.Gate != nil {
			one.Reasons = gate.Reasons(h.Head.Gate.Findings)
		}
		list.Held = append(list.Held, one)
	}
	p := paint(s.colours(s.OutTerminal))
	if !o.Quiet {
		io.WriteString(s.Err, warnings(findings, paint(s.colours(s.ErrTerminal))))
	}
	if o.JSON {
		return writeJSON(s.Out, list)
	}
	if len(list.Held) == 0 {
		fmt.Fprintf(s.Out, "nothing is held in %s\n", out)
	}
	for _, h := range list.Held {
		fmt.Fprintf(s.Out, "%s  %s\n", p.bold(h.Slug), h.Dir)
		for _, r := range h.Reasons {
			fmt.Fprintf(s.Out, "  %-10s %s\n", r.Rule, r.Text)
		}
		if h.Aside {
			fmt.Fprintln(s.Out, "  the version before stays in the feed")
		}
	}
	return nil
}
