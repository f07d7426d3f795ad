package voices

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
)

// sound is what the check heard. It is kept beside a take, so that nobody
// needs to listen again to know.
type sound struct {
	Rate     int     `json:"rate"` // Hz
	Channels int     `json:"channels"`
	Frames   int64   `json:"frames"`
	Speech   float64 `json:"speech,omitempty"` // seconds from the first sound to the last
	Level    float64 `json:"level,omitempty"`  // of the speech in dB of full scale, pauses left out
	Abrupt   bool    `json:"abrupt,omitempty"` // it ends in the middle of a sound

	peak, offset, clipped float64 // see audio.Inspection
	pause                 float64 // longest inside the speech, seconds
	loops                 int     // how many times over its end is heard; 0 is once
}

func (s sound) seconds() float64 { return float64(s.Frames) / float64(s.Rate) }

const (
	// silence is the peak below which nothing is to be heard: −50 dBFS. The
	// quietest engines seen peak at −14.
	silence = 0.00316
	// Sounds of speech are less than this far, in energy, below its loudest
	// twentieth: 40 dB, which the softest consonants of three engines keep to
	// and the breath and hiss between words does not.
	softest = 1e-4
	// abruptly is how loud, below the loudest twentieth, the last steps of a
	// sound are that was cut: −30 dB. Those of three engines end below −49 dB.
	abruptly = 1e-3
)

// listen decodes audio to its end and measures it, in one pass.
func listen(ctx context.Context, b []byte) (sound, error) {
	d, err := audio.Decode(ctx, b)
	if err != nil {
		return sound{}, err
	}
	defer d.Close()
	in, err := audio.Inspect(d)
	if err != nil {
		return sound{}, err
	}
	s := sound{
		Rate: in.Format.Rate, Channels: in.Format.Channels, Frames: in.Frames,
		peak: in.Peak, offset: in.Offset, clipped: in.Clipped,
	}
	s.follow(in.Steps)
	return s, nil
}

// follow finds the speech among the steps of a sound.
func (s *sound) follow(steps []audio.Stretch) {
	if len(steps) == 0 {
		return
	}
	energies := make([]float32, len(steps))
	for i, st := range steps {
		energies[i] = st.Energy
	}
	slices.Sort(energies)
	loud := energies[len(energies)*95/100]
	first, last, pause := -1, -1, 0
	var sum float64
	n := 0
	for i, st := range steps {
		if st.Energy <= loud*softest || st.Energy == 0 {
			continue
		}
		if first < 0 {
			first = i
		} else {
			pause = max(pause, i-last-1)
		}
		last = i
		if st.Energy > loud/100 { // the vowels, which are what loudness is of
			sum += float64(st.Energy)
			n++
		}
	}
	if first < 0 || n == 0 {
		return
	}
	s.Speech = rounded(float64(last-first+1) * audio.Step.Seconds())
	s.Level = rounded(10 * math.Log10(sum/float64(n)))
	s.pause = float64(pause) * audio.Step.Seconds()
	end := float32(0)
	for _, st := range steps[max(0, len(steps)-3):] {
		end = max(end, st.Energy)
	}
	s.Abrupt = end > loud*abruptly
	s.loops = loops(steps[first:last+1], loud*softest)
}

func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }

// A tail that is said three times over and more, each shortestLoop to
// longestLoop steps long, is no speech that was asked for, unless the text says
// it as often.
const (
	shortestLoop = int(250 * time.Millisecond / audio.Step)
	longestLoop  = int(6 * time.Second / audio.Step)
	// alike is the mean difference in dB between the steps of two times over,
	// and alikeTurns that of their turns (see audio.Stretch), both smoothed.
	// A model's or a buffer's loop is under 1 dB; two sayings of a word by one
	// engine differ by 3 dB and more.
	alike      = 1.5
	alikeTurns = 0.03
	// lively is how far, in dB, the steps of speech lie from their mean: what
	// does not move is like itself at any distance.
	lively = 3
)

// loops says how many times over the speech ends in the same sounds, from three
// on; else 0. It gives a distance up at the first steps that differ, so it
// costs about as much as reading the steps a few times.
func loops(steps []audio.Stretch, floor float32) int {
	db, turns := make([]float32, len(steps)), make([]float32, len(steps))
	for i := range steps {
		// A loop need not be a whole number of steps long: smoothed over four,
		// half a step matters little.
		around := steps[max(0, i-2):min(len(steps), i+2)]
		var energy, turn float32
		for _, st := range around {
			energy += st.Energy
			turn += st.Turns
		}
		db[i] = float32(10 * math.Log10(float64(energy/float32(len(around))+floor)))
		turns[i] = turn / float32(len(around))
	}
	for lag := shortestLoop; lag <= min(longestLoop, len(steps)/3); lag++ {
		if n := times(db, turns, lag); n >= 3 && moves(db[len(db)-lag:]) {
			return n
		}
	}
	return 0
}

// times is how many times over the last lag steps are there at the end.
func times(db, turns []float32, lag int) int {
	for n := 1; ; n++ {
		to := len(db) - (n-1)*lag
		if to-2*lag < 0 {
			return n
		}
		var level, turned float32
		for i := to - 1; i >= to-lag; i-- {
			level += abs32(db[i] - db[i-lag])
			turned += abs32(turns[i] - turns[i-lag])
			if level > float32(lag)*alike || turned > float32(lag)*alikeTurns {
				return n
			}
		}
	}
}

func moves(db []float32) bool {
	var mean, away float32
	for _, x := range db {
		mean += x / float32(len(db))
	}
	for _, x := range db {
		away += abs32(x-mean) / float32(len(db))
	}
	return away > lively
}

func abs32(x float32) float32 { return max(x, -x) }
