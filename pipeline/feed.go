package pipeline

import (
	"context"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// WriteFeed writes the feed of a show into its output folder: of its finished
// episodes, but for those that the gate holds and those that are withdrawn. What
// the show lacks for a feed is a *feed.MissingError.
func WriteFeed(ctx context.Context, cfg *config.Config) (*feed.Result, error) {
	if err := Settle(cfg.Output.Dir); err != nil {
		return nil, err
	}
	return feed.Write(ctx, feedOptions(cfg))
}

// FeedReady says whether a show has all that a feed needs; else the error is a
// *feed.MissingError.
func FeedReady(cfg *config.Config) error { return feed.Ready(feedOptions(cfg)) }

func feedOptions(cfg *config.Config) feed.Options {
	return feed.Options{
		Out: cfg.Output.Dir, Show: cfg.Show, BaseURL: cfg.Publish.BaseURL, ItemsPerPage: cfg.Publish.Feed.ItemsPerPage,
		Listed: func(dir string, m *publish.Manifest) bool {
			listed, _ := publish.Listed(dir, m)
			return listed
		},
	}
}
