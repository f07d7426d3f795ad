package mix_test

import (
	"fmt"
	"time"

	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Two takes and the pause between them: where each stands is arithmetic.
func ExampleArrange() {
	sc := &script.Script{Version: script.Version, Title: "The Pier", Chapters: []script.Chapter{{Title: "The Pier", Segments: []script.Segment{
		{Role: script.RoleTitle, Text: "The Pier.", Pause: 700 * time.Millisecond},
		{Role: script.RoleBody, Text: "The lamp still turns."},
	}}}}
	take := func(ordinal int, seconds int64) record.Take {
		heard := make([]float32, seconds*10) // of 100 ms each
		for i := range heard {
			heard[i] = 0.01
		}
		return record.Take{Ordinal: ordinal, Voice: "host", Key: fmt.Sprint("take-", ordinal), Sound: record.Sound{
			Rate: 24000, Channels: 1, Frames: seconds * 24000, Out: seconds * 24000, Energies: heard,
		}}
	}
	tl, err := mix.Arrange(sc, []record.Take{take(1, 1), take(2, 2)}, mix.Options{Rate: 44100, Channels: 1, Loudness: -16})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range tl.Clips {
		fmt.Printf("%s at %.2f s\n", c.Take, tl.Seconds(c.Start))
	}
	// Output:
	// take-1 at 0.31 s
	// take-2 at 2.04 s
}
