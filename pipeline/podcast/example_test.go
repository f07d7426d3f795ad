package podcast_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

func ExampleSeconds_Duration() {
	chapter := podcast.Chapter{Title: "The Pier", Start: 8, End: 97.5}
	fmt.Println((chapter.End - chapter.Start).Duration())
	// Output: 1m29.5s
}
