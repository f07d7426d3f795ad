package master_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/master"
)

// A format that is named has its defaults where nothing else is said.
func ExampleFormats_Fill() {
	f := master.Formats{MP3: master.DefaultMP3(), Opus: &master.Opus{}}
	f.Fill()
	for _, other := range f.Others() {
		fmt.Println(other.Name, other.Encoder)
	}
	// Output:
	// opus libopus
}
