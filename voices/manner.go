package voices

import (
	"fmt"
	"math"
	"slices"
)

// pace is what a take tells of its voice.
type pace struct {
	Seconds float64 `json:"seconds"` // of speech
	Least   float64 `json:"least"`   // extent of the text, in letters
	Most    float64 `json:"most"`
	Level   float64 `json:"level"` // dB
	Abrupt  bool    `json:"abrupt,omitempty"`
	Rate    int     `json:"rate"` // Hz
}

func paceOf(text string, s sound) pace {
	x := extentOf(text)
	return pace{Seconds: s.Speech, Least: x.least, Most: x.most, Level: s.Level, Abrupt: s.Abrupt, Rate: s.Rate}
}

const (
	// fewest takes of a voice say how it speaks; fewer have no say.
	fewest = 5
	// leeway is what a take may be shorter or longer beside check.pace: of one
	// word alone, letters say little. "No." and "Rhythm." need it.
	leeway = 0.1 // seconds
	// aWord is the length of speech below which a take may lie half as far
	// again from its voice's level: it has one vowel, and engines speak "Its."
	// 7 dB below their middle.
	aWord = 0.6 // seconds
)

// manner is how a voice speaks, by the middle one of its takes: half of them
// would have to be bad for it to be wrong, and their order does not matter.
type manner struct {
	known  bool
	letter float64 // seconds
	level  float64 // dB
	quiet  bool    // most takes end in quiet
	rate   int     // of most takes, Hz
}

func mannerOf(takes []pace) manner {
	if len(takes) < fewest {
		return manner{}
	}
	var letters, levels []float64
	var rates []int
	abrupt := 0
	for _, p := range takes {
		letters = append(letters, p.Seconds/math.Sqrt(p.Least*p.Most))
		levels = append(levels, p.Level)
		rates = append(rates, p.Rate)
		if p.Abrupt {
			abrupt++
		}
	}
	slices.Sort(letters)
	slices.Sort(levels)
	slices.Sort(rates)
	n := len(takes) / 2
	return manner{true, letters[n], levels[n], 2*abrupt < len(takes), rates[n]}
}

// against says what speaks against a take; "" if nothing does.
func (n manner) against(p pace, check Check) string {
	if !n.known {
		return ""
	}
	least := n.letter*p.Least*check.Pace[0] - leeway
	most := n.letter*p.Most*check.Pace[1] + leeway
	far := float64(check.Level)
	if p.Seconds < aWord {
		far *= 1.5
	}
	switch {
	case p.Rate != n.rate:
		return fmt.Sprintf("it has %d Hz, and the voice's others have %d Hz", p.Rate, n.rate)
	case p.Seconds < least:
		return fmt.Sprintf("%.1f s of speech, where the voice needs %.1f s for such a text at least", p.Seconds, least)
	case p.Seconds > most:
		return fmt.Sprintf("%.1f s of speech, where the voice needs %.1f s for such a text at most", p.Seconds, most)
	case n.quiet && p.Abrupt:
		return "it ends in the middle of a sound, as the voice's others do not"
	case math.Abs(p.Level-n.level) > far:
		return fmt.Sprintf("it is %+.1f dB from the level of the voice's others", p.Level-n.level)
	}
	return ""
}

// like says whether two takes of a text are as near as those of one voice are:
// then it is the text that is unlike others.
func (p pace) like(q pace) bool {
	return p.Rate == q.Rate && p.Abrupt == q.Abrupt && math.Abs(p.Level-q.Level) < 1 && math.Abs(p.Seconds-q.Seconds) <= 0.05*q.Seconds
}

// evenSo says what speaks against a take that came twice alike: as against
// does, with limits half as far again for level and a quarter for pace, so that
// an endpoint that always leaves half of a text out is still found.
func (n manner) evenSo(p pace, check Check) string {
	check.Level *= 1.5
	check.Pace = []float64{check.Pace[0] / 1.25, check.Pace[1] * 1.25}
	p.Abrupt = false
	return n.against(p, check)
}
