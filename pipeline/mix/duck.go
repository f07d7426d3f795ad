package mix

import "github.com/narrapress/narrapress/pipeline/level"

// Ducking follows the cues, which are known, not the sound of the voices: it
// is down when a voice begins, and comes up when it has ended. The times are
// the first settings of Audacity's Auto Duck (Audacity manual, "Auto Duck":
// outer fade down and outer fade up), in seconds.
const (
	Attack  = 0.5 // before a voice, from full to ducked
	Release = 0.5 // after it, from ducked to full
)

// LongPause is how long a pause is in which ducked music comes up again, in
// seconds: Attack and Release with a second between them in which it is heard.
// In a shorter one, music that comes and goes would only be in the way.
const LongPause = Attack + Release + 1.0

// duck is the envelope, on the timeline, of music under cues; nil if amount is
// nothing.
func (a *arrangement) duck(cues []Cue, amount level.DB) []Point {
	if amount == 0 || len(cues) == 0 {
		return nil
	}
	var out []Point
	for i := 0; i < len(cues); {
		start, end := cues[i].Start, cues[i].End
		for i++; i < len(cues) && cues[i].Start-end < a.seconds(LongPause); i++ {
			end = max(end, cues[i].End)
		}
		out = append(out, Point{start - a.seconds(Attack), 0}, Point{start, amount}, Point{end, amount}, Point{end + a.seconds(Release), 0})
	}
	return out
}

// within is what of an envelope on the timeline is about a clip that lasts
// from start to end, in frames of the clip. Points may lie outside of it: those
// that its first and last frames lie between.
func within(points []Point, start, end int64) []Point {
	var out []Point
	for i, p := range points {
		before := i+1 < len(points) && points[i+1].At <= start
		behind := i > 0 && points[i-1].At >= end
		if !before && !behind {
			out = append(out, Point{p.At - start, p.Gain})
		}
	}
	return out
}
