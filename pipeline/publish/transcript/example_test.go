package transcript_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/publish/transcript"
)

func ExampleEndings() {
	fmt.Println(transcript.Endings(transcript.Options{Formats: []string{"vtt", "html"}}))
	// Output:
	// [.vtt .transcript.html]
}
