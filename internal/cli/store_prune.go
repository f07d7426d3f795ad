package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// pruneOptions are the flags and arguments of store prune.
type pruneOptions struct {
	*globals
	Outs   []string
	DryRun bool
	Older  string
	Forget []string
	Bucket bool
}

func newStorePrune(g *globals, s Streams) *cobra.Command {
	o := pruneOptions{globals: g}
	c := &cobra.Command{
		Use:   "prune [OUT…]",
		Short: "Remove takes that no episode names any more",
		Long: `prune removes the takes that no manifest names and that were not used for a
while, and says what making them again would cost. It reads the manifests in
every output folder that the store has served, in that of the show in the
working folder, and in each OUT. While an episode is being made, or where such
a folder is gone or one of its manifests cannot be read, it removes nothing.

With --bucket it removes takes from the bucket behind the store as well, and
blocks older than 30 days. A bucket does not know whose episodes are made of it,
nor whether one is being made on another machine: name every such output folder,
and keep --older longer than an episode takes.`,
		Example: `  narrapress store prune --dry-run
  narrapress store prune --older 90d
  narrapress store prune --bucket /srv/pods/*/out
  narrapress store prune --forget /srv/old-show/out     its episodes are gone for good`,
		Args: between(0, -1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			o.Outs = args
			return runStorePrune(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.DryRun, "dry-run", false, "say what would be removed, and remove nothing")
	f.StringVar(&o.Older, "older", "7d", "keep what was used within this `TIME`, such as 90d or 12h")
	f.BoolVar(&o.Bucket, "bucket", false, "prune the bucket (output.bucket) as well")
	f.StringArrayVar(&o.Forget, "forget", nil, "an output `DIR` that is gone, with its episodes")
	return c
}

// pruned is what prune --json writes.
type pruned struct {
	Version int          `json:"version"` // of this document's shape
	Dir     string       `json:"dir"`
	DryRun  bool         `json:"dry_run"`
	Outputs []string     `json:"outputs"` // folders whose manifests were read
	Removed []prunedTake `json:"removed"` // or would be
	Bytes   int64        `json:"bytes"`
	Again   worth        `json:"again"` // what making them again would cost
	Named   int          `json:"named"` // takes that are kept because a manifest names them
	Recent  int          `json:"recent"`
	Damaged int          `json:"damaged"` // whose description cannot be read: left to verify

	Bucket string `json:"bucket,omitempty"` // that was pruned, too: Removed has what was in one or both
	Blocks int    `json:"blocks,omitempty"` // removed from it
}

type prunedTake struct {
	Key string `json:"key"`
	keptTake
	Bytes int64     `json:"bytes"`
	Used  time.Time `json:"used"`
}

func runStorePrune(ctx context.Context, o pruneOptions, s Streams) error {
	older, err := parseAge(o.Older)
	if err != nil {
		return err
	}
	st, cfg, err := shelves(ctx, o.globals, s)
	if err != nil {
		return err
	}
	var shared *store.Shared
	if o.Bucket {
		if shared, err = behind(ctx, cfg); err != nil {
			return err
		}
	}
	letGo, ok, err := st.Alone()
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("store %s: an episode is being made with it: prune when that has ended", st.Dir())
	}
	defer letGo()
	outs, err := o.outputs(st, cfg.Output.Dir, s)
	if err != nil {
		return err
	}
	named, err := namedTakes(outs)
	if err != nil {
		return err
	}
	found := pruned{Version: 1, Dir: st.Dir(), DryRun: o.DryRun, Outputs: outs, Removed: []prunedTake{}}
	prices := pricingOf(cfg)
	known := map[string]bool{}
	removed := func(e store.Entry) {
		if known[e.Key] { // in both
			return
		}
		known[e.Key] = true
		t := takeOf(e)
		found.Removed = append(found.Removed, prunedTake{e.Key, t, e.Size, e.Used.UTC()})
		found.Bytes += e.Size
		found.Again.add(t, prices.of(ctx, t))
	}
	now := time.Now()
	err = st.Walk(func(e store.Entry) error {
		t := takeOf(e)
		if t.Name == voiceRecord {
			return nil
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case named[e.Key]:
			found.Named++
			return nil
		case e.Damage != nil:
			found.Damaged++
			return nil //nolint:nilerr // damage is counted
		case now.Sub(e.Used) < older:
			found.Recent++
			return nil
		}
		if !o.DryRun {
			if err := st.Evict(e.Key); err != nil {
				return err
			}
		}
		removed(e)
		return nil
	})
	if err == nil && o.Bucket {
		found.Bucket = shared.String()
		found.Blocks, err = o.pruneBucket(shared, named, older, removed)
	}
	if o.JSON {
		return errors.Join(err, writeJSON(s.Out, found))
	}
	if !o.Quiet {
		io.WriteString(s.Out, found.text(o.Older))
	}
	return err
}

// outputs are the folders whose manifests may name takes. Those to forget are
// forgotten.
func (o *pruneOptions) outputs(st *store.Store, own string, s Streams) ([]string, error) {
	abs := func(dir string) string {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(s.Dir, dir)
		}
		return filepath.Clean(dir)
	}
	users, err := st.Users()
	if err != nil {
		return nil, err
	}
	for _, dir := range o.Forget {
		dir = abs(dir)
		if _, err := os.Stat(dir); err == nil {
			return nil, misuse("--forget %s: the folder is there, and its manifests name takes", dir)
		}
		users = slices.DeleteFunc(users, func(u string) bool { return u == dir })
		if !o.DryRun {
			if err := st.RemoveUser(dir); err != nil {
				return nil, err
			}
		}
	}
	outs := slices.Clone(users)
	for _, dir := range o.Outs {
		outs = append(outs, abs(dir))
	}
	if _, err := os.Stat(own); err == nil {
		outs = append(outs, own)
	}
	slices.Sort(outs)
	return slices.Compact(outs), nil
}

// namedTakes are the keys that the manifests in output folders name.
func namedTakes(outs []string) (map[string]bool, error) {
	named := map[string]bool{}
	for _, out := range outs {
		// What was on its way into its folder when it was killed names takes, too.
		if err := pipeline.Settle(out); err != nil {
			return nil, err
		}
		dirs, err := os.ReadDir(out)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("the output folder %s is gone, and its manifests may name takes: bring it back, or say that it is gone for good with --forget %s",
				out, quoteArg(out))
		}
		if err != nil {
			return nil, err
		}
		if err := nameTakes(named, out, dirs); err != nil {
			return nil, err
		}
		aside := filepath.Join(out, publish.HeldDir)
		if dirs, err = os.ReadDir(aside); err == nil {
			err = nameTakes(named, aside, dirs)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return named, nil
}

// nameTakes adds the keys that the manifests in folders of out name.
func nameTakes(named map[string]bool, out string, dirs []fs.DirEntry) error {
	for _, d := range dirs {
		m, err := publish.ReadManifest(filepath.Join(out, d.Name()))
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) || notFolder(out, d) {
				continue
			}
			return fmt.Errorf("%w: nothing is removed, for nobody knows which takes it names", err)
		}
		for _, t := range m.Takes {
			named[t.Key] = true
		}
	}
	return nil
}

func notFolder(out string, d fs.DirEntry) bool {
	info, err := os.Stat(filepath.Join(out, d.Name())) // through a link
	return err == nil && !info.IsDir()
}

// parseAge reads a length of time that may be in days.
func parseAge(s string) (time.Duration, error) {
	wrong := misuse("--older is a time such as 90d or 12h, not %q", s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(n >= 0 && n <= 100_000) {
			return 0, wrong
		}
		return time.Duration(n * 24 * float64(time.Hour)), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, wrong
	}
	return d, nil
}

func (p *pruned) text(older string) string {
	var b strings.Builder
	done := "removed"
	if p.DryRun {
		done = "would remove"
		for _, t := range p.Removed {
			fmt.Fprintf(&b, "  %.12s  %s %s  %s\n", t.Key, t.Endpoint, t.Voice, clip(t.Text, 60))
		}
	}
	kept := fmt.Sprintf("kept %s that manifests name and %d used within %s", count(p.Named, "take"), p.Recent, older)
	if p.Damaged > 0 {
		kept += fmt.Sprintf(", and %d damaged (narrapress store verify names them)", p.Damaged)
	}
	if p.Bucket != "" {
		kept += fmt.Sprintf("; %s %s in %s", done, count(p.Blocks, "block"), p.Bucket)
	}
	if len(p.Removed) == 0 {
		return b.String() + "nothing to remove; " + kept + "\n"
	}
	fmt.Fprintf(&b, "%s %s, %s; %s\n%s\n", done, count(len(p.Removed), "take"), size(p.Bytes), p.Again.again(), kept)
	return b.String()
}
