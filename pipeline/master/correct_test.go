package master

import (
	"math"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// TestCorrect corrects a file that is to be at −16 LUFS and −1 dBTP only where it is
// too far off: its level by a gain, its peaks by a limiter that gives way each time.
func TestCorrect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		loudness         level.LUFS
		peak             level.DBTP
		before, ceiling  float64 // what it was made with
		tries            int
		off              bool
		gain, newCeiling float64
	}{
		{"as it should be", -16, -1, 0, 0, 1, false, 0, 0},
		{"within what may be", -16.25, -0.75, 1, -2, 2, false, 1, -2},
		{"too quiet, with room above", -18, -6, 0, 0, 1, true, 2, 0},
		{"too loud", -14, -2, 0, 0, 1, true, -2, 0},
		{"too quiet, without room", -18, -1.5, 0, 0, 1, true, 2, -1.7},
		{"too high a peak", -16, -0.25, 0, 0, 1, true, 0, -2.45},
		{"too high a peak, limited once", -16, -0.5, 0, -2, 2, true, 0, -2.9},
		{"too high a peak, limited twice", -16, -0.5, 0, -2, 3, true, 0, -3.1},
		{"too quiet, limited", -18, -1.25, 1, -2, 2, true, 3, -2},
	} {
		e := Encoded{Loudness: &podcast.Loudness{Integrated: tt.loudness, TruePeak: tt.peak}, Tries: tt.tries, gain: level.DB(tt.before), ceiling: level.DBTP(tt.ceiling)}
		e.correct(Options{Loudness: -16, Peak: -1})
		if e.Off != tt.off || math.Abs(float64(e.gain)-tt.gain) > 1e-9 || math.Abs(float64(e.ceiling)-tt.newCeiling) > 1e-9 {
			t.Errorf("%s: off %v, gain %v, ceiling %v; want %v, %v, %v", tt.name, e.Off, e.gain, e.ceiling, tt.off, tt.gain, tt.newCeiling)
		}
	}
}
