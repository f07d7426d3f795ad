package upload_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
	"github.com/narrapress/narrapress/pipeline/publish/upload"
)

// A feed without episodes goes to a folder: its cover first, the feed last.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "show")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, out, base := context.Background(), filepath.Join(dir, "out"), "https://example.org/podcast"
	if err := os.MkdirAll(out, 0o700); err != nil {
		fmt.Println(err)
		return
	}
	show := podcast.Show{Title: "Lamp Letters", Language: "en-US", Description: "About lamps.", Category: []string{"Technology"}, Explicit: new(bool)}
	if _, err := feed.Write(ctx, feed.Options{Out: out, Show: show, BaseURL: base}); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // the second time there is nothing to do
		res, err := upload.Run(ctx, upload.Options{Out: out, BaseURL: base, To: "file://" + filepath.ToSlash(filepath.Join(dir, "web"))})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(res.Sent), "sent,", res.Same, "there")
	}
	// Output:
	// 2 sent, 0 there
	// 0 sent, 2 there
}
