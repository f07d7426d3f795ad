package cue

import (
	"sort"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/voices"
)

// Speech is what is known of how a segment is spoken. Its times count from the
// start of the segment's cue, in seconds.
type Speech struct {
	Text   string  // as it is said
	Length float64 // of the cue
	// Marks say when its words are spoken, where the endpoint told; they count
	// from the start of the audio file, Trimmed seconds before the cue.
	Marks   []voices.Mark
	Trimmed float64
	// Energies are the loudness of the take in steps of 100 ms, the first of
	// which begins at Guard; none where nothing was measured.
	Energies []float32
	Guard    float64 // what is kept before the first sound and after the last
}

// Clock says when each place of what a segment says is heard.
type Clock struct {
	start  podcast.Seconds
	length float64
	units  []unit
	known  []moment
}

// moment is a place on the scale whose time is known. Places grow from one to
// the next, and times do not go back.
type moment struct{ place, at float64 }

// NewClock goes by the marks of a speech, or else by the pauses in it, or else
// by its characters. start is that of its cue.
func NewClock(s Speech, start podcast.Seconds) *Clock {
	c := &Clock{start: start, length: max(0, s.Length), units: units(s.Text)}
	if len(c.units) == 0 {
		return c
	}
	last := c.units[len(c.units)-1]
	scale := last.at + last.weight
	guard := min(max(0, s.Guard), c.length/2)
	inner := c.told(s)
	if inner == nil {
		inner = pausing(c.units, silences(s.Energies, guard), guard, c.length-guard)
	}
	c.known = append(c.known, moment{0, guard})
	if len(inner) > 0 && inner[0].place <= 0 {
		c.known = c.known[:0]
	}
	for _, m := range inner {
		m.at = min(max(0, m.at), c.length)
		if n := len(c.known); n > 0 && (m.place <= c.known[n-1].place || m.at < c.known[n-1].at) {
			continue
		}
		c.known = append(c.known, m)
	}
	if n := len(c.known); c.known[n-1].place < scale {
		c.known = append(c.known, moment{scale, max(c.length-guard, c.known[n-1].at)})
	}
	return c
}

// told is what marks tell; nil where there are none that can be true.
func (c *Clock) told(s Speech) []moment {
	var out []moment
	for _, m := range Told(s.Text, s.Marks) {
		out = append(out,
			moment{place(c.units, m.From), m.Start.Seconds() - s.Trimmed},
			moment{place(c.units, m.To), m.End.Seconds() - s.Trimmed})
	}
	return out
}

// Told is those of an endpoint's marks that can be true of a text: in it and in
// order. They come from a store that others may have written to.
func Told(text string, marks []voices.Mark) []voices.Mark {
	var out []voices.Mark
	to := 0
	for _, m := range marks {
		if m.From < to || m.To <= m.From || m.To > len(text) || m.Start < 0 || m.End < m.Start {
			continue
		}
		if n := len(out); n > 0 && m.Start < out[n-1].Start {
			continue
		}
		out = append(out, m)
		to = m.To
	}
	return out
}

// At is when the place before a byte of what is said is heard: of a word's
// first byte its start, of the byte after its last its end.
func (c *Clock) At(off int) podcast.Seconds {
	return c.start + podcast.Seconds(c.time(place(c.units, off)))
}

func (c *Clock) time(at float64) float64 {
	i := sort.Search(len(c.known), func(i int) bool { return c.known[i].place >= at })
	switch {
	case len(c.known) == 0:
		return 0
	case i == 0:
		return c.known[0].at
	case i == len(c.known):
		return c.known[i-1].at
	}
	a, b := c.known[i-1], c.known[i]
	if at == b.place {
		return b.at // which rounding misses by a last digit, and passes before it
	}
	return min(b.at, a.at+(b.at-a.at)*(at-a.place)/(b.place-a.place))
}

// Start and End of the cue.
func (c *Clock) Start() podcast.Seconds { return c.start }

// End of the cue.
func (c *Clock) End() podcast.Seconds { return c.start + podcast.Seconds(c.length) }
