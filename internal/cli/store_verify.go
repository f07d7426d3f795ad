package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/store"
)

func newStoreVerify(g *globals, s Streams) *cobra.Command {
	var inBucket bool
	c := &cobra.Command{
		Use:   "verify",
		Short: "Read every take and say which are not as they were stored",
		Long: `verify reads every take in the store and holds its bytes, and its description,
against what was written down when it was stored. It moves nothing: a damaged
take is set aside and asked for again when an episode needs it. With --bucket it
reads what is in the bucket behind the store, all of it.`,
		Example: "  narrapress store verify\n  narrapress store verify --store /srv/takes --json\n  narrapress store verify --bucket",
		Args:    between(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if inBucket {
				return runBucketVerify(c.Context(), g, s)
			}
			return runStoreVerify(c.Context(), g, s)
		},
	}
	c.Flags().BoolVar(&inBucket, "bucket", false, "read the takes in the bucket (output.bucket)")
	return c
}

// storeFaults is what verify --json writes.
type storeFaults struct {
	Version int          `json:"version"` // of this document's shape
	Dir     string       `json:"dir"`
	Takes   int          `json:"takes"`
	Bytes   int64        `json:"bytes"`
	Damaged []storeFault `json:"damaged"`
}

type storeFault struct {
	Key    string `json:"key"`
	Reason string `json:"reason"`
	Text   string `json:"text,omitempty"` // that it speaks, where that can be read
}

// runStoreVerify fails if one take is damaged.
func runStoreVerify(ctx context.Context, g *globals, s Streams) error {
	st, _, err := shelves(ctx, g, s)
	if err != nil {
		return err
	}
	found := storeFaults{Version: 1, Dir: st.Dir(), Damaged: []storeFault{}}
	err = st.Walk(func(e store.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if takeOf(e).Name != voiceRecord {
			found.Takes++
		}
		found.Bytes += e.Size
		err := st.Verify(e.Key)
		var damage *store.DamageError
		if errors.As(err, &damage) {
			found.Damaged = append(found.Damaged, storeFault{e.Key, damage.Reason, takeOf(e).Text})
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return found.tell(g, s)
}
