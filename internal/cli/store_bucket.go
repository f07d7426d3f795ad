package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/bucket"
	"github.com/narrapress/narrapress/internal/store"
)

// behind is the bucket behind a show's store, which must have one.
func behind(ctx context.Context, cfg *config.Config) (*store.Shared, error) {
	if cfg.Output.Bucket == "" {
		return nil, misuse("the show has no bucket: name one with output.bucket")
	}
	b, err := bucket.Open(ctx, "output.bucket", cfg.Output.Bucket)
	if err != nil {
		return nil, err
	}
	return store.Share(ctx, b, store.SharedOptions{}), nil
}

func newStoreSend(g *globals, s Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "send",
		Short: "Send takes to the bucket that it does not have",
		Long: `send puts every take in the store's folder into the bucket of the show
(output.bucket), unless it is there: those that were made before there was a
bucket, and those that wait because it could not be reached. Where the bucket
has another take for the same, that one was first: it replaces the one here,
which is kept in the folder extra.`,
		Example: "  narrapress store send\n  NARRAPRESS_OUTPUT_BUCKET=s3://takes/show narrapress store send",
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return runStoreSend(c.Context(), g, s)
		},
	}
}

// storeSent is what send --json writes.
type storeSent struct {
	Version int    `json:"version"` // of this document's shape
	Dir     string `json:"dir"`
	Bucket  string `json:"bucket"`
	Sent    int    `json:"sent"`
	Waiting int    `json:"waiting"` // still, since the bucket failed
}

func runStoreSend(ctx context.Context, g *globals, s Streams) error {
	_, cfg, err := shelves(ctx, g, s)
	if err != nil {
		return err
	}
	shared, err := behind(ctx, cfg)
	if err != nil {
		return err
	}
	if err := shared.Ready(); err != nil {
		return err
	}
	st := store.Folder(cfg.Output.Store, store.Options{Shared: shared})
	waiting, err := st.Offer()
	if err != nil {
		return err
	}
	left, err := st.Settle(ctx)
	if err != nil {
		return err
	}
	sent := storeSent{Version: 1, Dir: st.Dir(), Bucket: shared.String(), Sent: max(0, waiting-left), Waiting: left}
	switch {
	case g.JSON:
		err = writeJSON(s.Out, sent)
	case !g.Quiet:
		_, err = fmt.Fprintf(s.Out, "%s: %d sent, %d waiting\n", sent.Bucket, sent.Sent, left)
	}
	if err == nil && left > 0 {
		err = fmt.Errorf("bucket %s: %d did not get there: run it again", sent.Bucket, left)
	}
	return err
}

// runBucketVerify is verify of what is in the bucket.
func runBucketVerify(ctx context.Context, g *globals, s Streams) error {
	_, cfg, err := shelves(ctx, g, s)
	if err != nil {
		return err
	}
	shared, err := behind(ctx, cfg)
	if err != nil {
		return err
	}
	found := storeFaults{Version: 1, Dir: shared.String(), Damaged: []storeFault{}}
	err = shared.Walk(func(key string, bytes int64, _ time.Time) error {
		e, err := shared.Verify(key)
		if takeOf(e).Name != voiceRecord {
			found.Takes++
		}
		found.Bytes += bytes
		if damage := new(store.DamageError); errors.As(err, &damage) {
			found.Damaged = append(found.Damaged, storeFault{key, damage.Reason, takeOf(e).Text})
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return found.tell(g, s)
}

// pruneBucket removes from the bucket what no manifest names and what is older
// than a time; of blocks, all that are. found is told of the takes.
func (o *pruneOptions) pruneBucket(shared *store.Shared, named map[string]bool, older time.Duration, told func(store.Entry)) (blocks int, err error) {
	now := time.Now()
	err = shared.Walk(func(key string, _ int64, stored time.Time) error {
		if named[key] || now.Sub(stored) < older {
			return nil
		}
		e, err := shared.Describe(key)
		if errors.As(err, new(*store.DamageError)) {
			return nil // left to verify
		}
		if err != nil || takeOf(e).Name == voiceRecord {
			return err
		}
		e.Stored, e.Used = stored, stored
		if !o.DryRun {
			if err := shared.Remove(key); err != nil {
				return err
			}
		}
		told(e)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return blocks, shared.WalkBlocks(func(key string, _ int64, stored time.Time) error {
		if now.Sub(stored) < max(older, blocksKept) {
			return nil
		}
		blocks++
		if o.DryRun {
			return nil
		}
		return shared.RemoveBlock(key)
	})
}

// blocksKept is how long a block is kept in a bucket at least: as long as one
// that nobody uses is kept in the cache.
const blocksKept = 30 * 24 * time.Hour

// tell writes what verify has found, and fails if one take is damaged.
func (found *storeFaults) tell(g *globals, s Streams) error {
	if g.JSON {
		if err := writeJSON(s.Out, found); err != nil {
			return err
		}
	} else if !g.Quiet {
		fmt.Fprintf(s.Out, "%s: %s, %s, %d damaged\n", s.short(found.Dir), count(found.Takes, "take"), size(found.Bytes), len(found.Damaged))
	}
	if len(found.Damaged) == 0 {
		return nil
	}
	for _, d := range found.Damaged {
		line := fmt.Sprintf("take %s: %s", d.Key, d.Reason)
		if d.Text != "" {
			line += fmt.Sprintf(" (%s)", clip(d.Text, 60))
		}
		io.WriteString(s.Err, complain(errors.New(line)))
	}
	return failed
}
