package audio_test

import (
	"context"
	"fmt"
	"log"
	"math"

	"github.com/narrapress/narrapress/internal/audio"
)

// Bare samples from a server become a take, and the take is looked at and
// brought to another rate.
func Example() {
	ctx := context.Background()
	pcm := make([]byte, 0, 2*24000)
	for i := range 24000 {
		v := int16(16384 * math.Sin(2*math.Pi*1000*float64(i)/24000))
		pcm = append(pcm, byte(v), byte(v>>8))
	}
	take, err := audio.WrapPCM(pcm, "pcm_s16le", 24000, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(audio.Sniff(take))

	d, err := audio.Decode(ctx, take)
	if err != nil {
		log.Fatal(err)
	}
	a, err := audio.Analyse(d, -60)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Frames, "frames, peak", a.Peak, "loudness", a.Loudness())
	fmt.Println(audio.ResampledFrames(a.Frames, 24000, 44100), "frames at 44100 Hz")
	// Output:
	// audio/wav
	// 24000 frames, peak -6.0 dB loudness -6.0 LUFS
	// 44100 frames at 44100 Hz
}
