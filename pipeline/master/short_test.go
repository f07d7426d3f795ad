package master

import (
	"math"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// TestShortestSound wants a word of a twentieth of a second, alone in its episode, to
// be about as loud as any episode: the limiter has all of it in hand.
func TestShortestSound(t *testing.T) {
	t.Parallel()
	const rate = 24000
	takes := files{"a": wav(t, rate, 1, babble(1, rate/20, 0.5))}
	length := audio.ResampledFrames(rate/20, rate, 44100)
	tl := &mix.Timeline{Rate: 44100, Channels: 1, Frames: 76 * mix.Grid, Clips: []mix.Clip{{Take: "a", Rate: rate, To: rate / 20, Start: mix.Grid, Length: length}}}
	m, err := Make(t.Context(), heard(t, tl, takes), takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(float64(m.Loudness.Integrated + 16)); d > 1 {
		t.Errorf("%+v", m.Loudness)
	}
}
