package feed_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// What a feed cannot be without is said all at once.
func ExampleReady() {
	err := feed.Ready(feed.Options{Out: "out", Show: podcast.Show{Title: "Lamp Letters", Language: "en-US"}})
	fmt.Println(err)
	// Output:
	// the feed needs what the show's file does not say:
	// show.description: what it is about, in at most 4000 bytes
	// show.category: one of Apple's, such as [Technology] or [Society & Culture/Philosophy]
	// show.explicit: false, or true where the show is for adults only
	// publish.base_url: where the output folder is on the web, such as https://example.org/podcast
}
