package publish

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Energies are 100 ms each: a second has ten, a momentary loudness four and a
// short-term one thirty (EBU Tech 3341, section 2.2).
const (
	perSecond = 10
	momentary = 4
	shortTerm = 30
)

// lufs is the loudness of a mean energy (ITU-R BS.1770-4, equation 2), not
// under floor.
func lufs(energy float64) float64 {
	const floor = -70 // the absolute gate: what is under it is silence
	return math.Max(floor, -0.691+10*math.Log10(energy))
}

// sums[i] is that of the first i energies.
func sumsOf(energies []float32) []float64 {
	sums := make([]float64, len(energies)+1)
	for i, e := range energies {
		sums[i+1] = sums[i] + float64(e)
	}
	return sums
}

// window is the loudness of the n energies that end with the i-th.
func window(sums []float64, i, n int) float64 {
	from := max(0, i+1-n)
	return lufs((sums[i+1] - sums[from]) / float64(i+1-from))
}

// spoken is a segment as it is heard.
type spoken struct {
	podcast.Cue
	voice string
	level float64 // LUFS, ungated
	rate  float64 // characters a second; 0 where it is too short to say
}

// segmentsOf are the segments with their levels and rates.
func segmentsOf(mat *Material) []spoken {
	const shortest = 1.5 // s: a word or two have no rate
	sums := sumsOf(mat.Energies)
	out := make([]spoken, len(mat.Cues))
	for i, c := range mat.Cues {
		s := spoken{Cue: c, level: lufs(0)}
		if i < len(mat.Takes) {
			s.voice = mat.Takes[i].Voice
		}
		from, to := int(float64(c.Start)*perSecond), int(math.Ceil(float64(c.End)*perSecond))
		from, to = min(max(0, from), len(mat.Energies)), min(max(0, to), len(mat.Energies))
		if to > from {
			s.level = lufs((sums[to] - sums[from]) / float64(to-from))
		}
		if length := float64(c.End - c.Start); length >= shortest {
			text := cmp.Or(c.Spoken, c.Text)
			s.rate = float64(len([]rune(text))) / length
		}
		out[i] = s
	}
	return out
}

// outlier is a segment that is unlike the others of its voice.
type outlier struct {
	Ordinal int
	At      string
	start   float64
	Voice   string
	Role    string
	Level   float64
	Rate    float64
	Why     string
	Text    string
	louder  bool // its level is what is unlike
	faster  bool // its rate is
	off     float64
}

// mostOutliers are listed.
const mostOutliers = 40

// outliers are the segments whose level or rate is far from the middle of
// their voice's: by more than three and a half of its usual deviation (Iglewicz and
// Hoaglin 1993, "How to Detect and Handle Outliers", 3.4), and by so much that
// it is heard. more are those that are left out, which are the nearest.
func outliers(all []spoken) (out []outlier, more int) {
	const (
		far   = 3.5
		heard = 3.0 // dB
		pace  = 0.3 // of the middle
		least = 5   // segments that a voice is judged by
	)
	voices := map[string][]int{}
	for i, s := range all {
		voices[s.voice] = append(voices[s.voice], i)
	}
	for _, of := range voices {
		if len(of) < least {
			continue
		}
		var levels, rates []float64
		for _, i := range of {
			levels = append(levels, all[i].level)
			if all[i].rate > 0 {
				rates = append(rates, all[i].rate)
			}
		}
		level, levelSpread := middle(levels)
		rate, rateSpread := middle(rates)
		for _, i := range of {
			s := all[i]
			o := outlier{
				Ordinal: s.Segment, At: clock(s.Start), start: float64(s.Start), Voice: s.voice, Role: s.Role,
				Level: s.level, Rate: s.rate, Text: s.Text,
			}
			if d := s.level - level; math.Abs(d) > max(far*levelSpread, heard) {
				o.louder, o.Why, o.off = true, fmt.Sprintf("%+.1f dB from the middle of its voice", d), math.Abs(d)/heard
			}
			if d := s.rate - rate; s.rate > 0 && math.Abs(d) > max(far*rateSpread, pace*rate) {
				o.faster = true
				why := fmt.Sprintf("%.1f characters a second, where its voice speaks %.1f", s.rate, rate)
				if o.Why != "" {
					why = o.Why + "; " + why
				}
				o.Why, o.off = why, max(o.off, math.Abs(d)/(pace*rate))
			}
			if o.Why != "" {
				out = append(out, o)
			}
		}
	}
	slices.SortFunc(out, func(a, b outlier) int { return cmp.Or(cmp.Compare(b.off, a.off), cmp.Compare(a.Ordinal, b.Ordinal)) })
	if more = len(out) - mostOutliers; more > 0 {
		out = out[:mostOutliers]
	}
	slices.SortFunc(out, func(a, b outlier) int { return cmp.Compare(a.Ordinal, b.Ordinal) })
	return out, max(0, more)
}

// middle is the median, and the usual deviation from it: the median of the
// deviations, as a normal distribution has its standard deviation.
func middle(v []float64) (median, spread float64) {
	if len(v) == 0 {
		return 0, 0
	}
	v = slices.Sorted(slices.Values(v))
	median = v[len(v)/2]
	off := make([]float64, len(v))
	for i, x := range v {
		off[i] = math.Abs(x - median)
	}
	slices.Sort(off)
	return median, 1.4826 * off[len(off)/2]
}

// loudnessRow is a stretch of the episode.
type loudnessRow struct {
	From      string
	Momentary float64 // highest in it, LUFS
	ShortTerm float64 // highest in it
}

// loudnessRows are about thirty stretches of equal length: the table behind
// the picture.
func loudnessRows(energies []float32) []loudnessRow {
	const most = 30
	if len(energies) == 0 {
		return nil
	}
	sums := sumsOf(energies)
	stretch := (len(energies)/perSecond + most) / most * perSecond // whole seconds
	var rows []loudnessRow
	for from := 0; from < len(energies); from += stretch {
		row := loudnessRow{From: clock(podcast.Seconds(from) / perSecond), Momentary: lufs(0), ShortTerm: lufs(0)}
		for i := from; i < min(from+stretch, len(energies)); i++ {
			row.Momentary = max(row.Momentary, window(sums, i, momentary))
			row.ShortTerm = max(row.ShortTerm, window(sums, i, shortTerm))
		}
		rows = append(rows, row)
	}
	return rows
}

// slowest are the requests that took longest, the slowest first.
func slowest(mat *Material, all []Request) []call {
	const most = 10
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Request) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	var out []call
	for _, q := range sorted[:min(len(sorted), most)] {
		c := call{Ordinal: q.Ordinal, Endpoint: q.Endpoint, Attempts: q.Attempts, Seconds: float64(q.Elapsed)}
		if i := q.Ordinal - 1; i >= 0 && i < len(mat.Cues) {
			c.Text = mat.Cues[i].Text
		}
		out = append(out, c)
	}
	return out
}
