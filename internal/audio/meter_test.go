package audio

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
)

// part is a stretch of a 1 kHz sine in all channels.
type part struct{ seconds, dbfs float64 }

func parts(f Format, ps ...part) []float32 {
	var s []float32
	for _, p := range ps {
		s = append(s, tone(f, 1000, p.dbfs, p.seconds)...)
	}
	return s
}

func repeat(n int, ps ...part) (all []part) {
	for range n {
		all = append(all, ps...)
	}
	return all
}

func near(t *testing.T, what string, got, want, below, above float64) {
	t.Helper()
	if !(got >= want-below && got <= want+above) {
		t.Errorf("%s is %.3f; want %.1f +%.1f −%.1f", what, got, want, above, below)
	}
}

var stereo48 = Format{Rate: 48000, Channels: 2}

// EBU Tech 3341, table 1.
func TestEBU3341Integrated(t *testing.T) {
	t.Parallel()
	silent := -200.0
	for name, tc := range map[string]struct {
		parts []part
		want  float64
	}{
		"1":                   {[]part{{20, -23}}, -23},
		"2":                   {[]part{{20, -33}}, -33},
		"3":                   {[]part{{10, -36}, {60, -23}, {10, -36}}, -23},
		"4":                   {[]part{{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}, -23},
		"5":                   {[]part{{20, -26}, {20.1, -20}, {20, -26}}, -23},
		"with silence around": {[]part{{30, silent}, {20, -23}, {30, silent}}, -23},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := NewMeter(stereo48, false)
			m.Write(parts(stereo48, tc.parts...))
			near(t, "integrated", float64(m.Integrated()), tc.want, 0.1, 0.1)
			if len(tc.parts) == 1 {
				near(t, "momentary", float64(m.Momentary()), tc.want, 0.1, 0.1)
				near(t, "short-term", float64(m.ShortTerm()), tc.want, 0.1, 0.1)
			}
		})
	}
}

func TestEBU3341Case6Surround(t *testing.T) {
	t.Parallel()
	m := newMeter(48000, []float64{1, 1, 1, 1.41, 1.41})
	amps := []float64{-28, -28, -24, -30, -30}
	var s []float32
	for i := range 20 * 48000 {
		for _, db := range amps {
			s = append(s, float32(math.Pow(10, db/20)*math.Sin(2*math.Pi*1000*float64(i)/48000)))
		}
	}
	m.Write(s)
	near(t, "integrated", float64(m.Integrated()), -23, 0.1, 0.1)
}

func TestEBU3341Constant(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		parts []part
		after float64
		read  func(*Meter) level.LUFS
	}{
		"9 short-term": {repeat(5, part{1.34, -20}, part{1.66, -30}), 3, (*Meter).ShortTerm},
		"12 momentary": {repeat(25, part{0.18, -20}, part{0.22, -30}), 1, (*Meter).Momentary},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := NewMeter(stereo48, false)
			s := parts(stereo48, tc.parts...)
			const step = 480 * 2
			for i := 0; i+step <= len(s); i += step {
				m.Write(s[i : i+step])
				if at := float64(i+step) / 96000; at > tc.after {
					near(t, fmt.Sprintf("at %.2f s", at), float64(tc.read(m)), -23, 0.1, 0.1)
				}
			}
		})
	}
}

func TestEBU3341Maximum(t *testing.T) {
	t.Parallel()
	const silent = -200
	for i := range 20 {
		k := float64(i)
		for name, tc := range map[string]struct {
			parts []part
			want  float64
			read  func(*Meter) level.LUFS
		}{
			"10": {[]part{{k * 0.15, silent}, {3, -23}, {1, silent}}, -23, (*Meter).MaxShortTerm},
			"11": {[]part{{k * 0.15, silent}, {3, -38 + k}, {3 - k*0.15, silent}}, -38 + k, (*Meter).MaxShortTerm},
			"13": {[]part{{k * 0.02, silent}, {0.4, -23}, {1, silent}}, -23, (*Meter).MaxMomentary},
			"14": {[]part{{k * 0.02, silent}, {0.4, -38 + k}, {0.4 - k*0.02, silent}}, -38 + k, (*Meter).MaxMomentary},
		} {
			m := NewMeter(stereo48, false)
			m.Write(parts(stereo48, tc.parts...))
			near(t, name+"/"+strconv.Itoa(i), float64(tc.read(m)), tc.want, 0.1, 0.1)
		}
	}
}

// EBU Tech 3341, cases 15 to 23, and the same at other rates.
func TestEBU3341TruePeak(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{24000, 44100, 48000} {
		for name, tc := range map[string]struct{ divide, phase, amp, want float64 }{
			"15": {4, 0, 0.5, -6},
			"16": {4, 45, 0.5, -6},
			"17": {6, 60, 0.5, -6},
			"18": {8, 67.5, 0.5, -6},
			"19": {4, 45, 1.41, 3},
		} {
			s := make([]float32, rate)
			fade := rate / 100
			for i := range s {
				ramp := min(1, float64(i)/float64(fade), float64(len(s)-1-i)/float64(fade))
				s[i] = float32(ramp * tc.amp * math.Sin(2*math.Pi*float64(i)/tc.divide+tc.phase*math.Pi/180))
			}
			m := NewMeter(Format{rate, 1}, false)
			m.Write(s)
			near(t, fmt.Sprintf("case %s at %d Hz", name, rate), float64(m.TruePeak()), tc.want, 0.4, 0.2)
		}
		for offset := range 4 { // cases 20 to 23
			m := NewMeter(Format{rate, 1}, false)
			m.Write(burst(rate, offset))
			near(t, fmt.Sprintf("case %d at %d Hz", 20+offset, rate), float64(m.TruePeak()), 0, 0.4, 0.2)
		}
	}
}

// burst is fs/6 at half scale with one period of fs/4 at full scale, made at
// four times the rate, filtered and decimated.
func burst(rate, offset int) []float32 {
	n := 4 * rate / 4
	x := make([]float64, n)
	phase, period := 0.0, 0
	for i := range x {
		amp, step := 0.5, 2*math.Pi/24
		if i >= n/2 && (period > 0 || math.Mod(phase, 2*math.Pi) < step) && period < 16 {
			amp, step = 1, 2*math.Pi/16
			period++
		}
		fade := min(1, float64(i)/float64(rate/25), float64(n-1-i)/float64(rate/25))
		x[i] = fade * amp * math.Sin(phase)
		phase += step
	}
	const half = 64
	var h [2*half + 1]float64
	for k := range h {
		h[k] = lowPass(float64(k-half), 0.125, half, 8)
	}
	var s []float32
	for i := offset; i < n; i += 4 {
		v := 0.0
		for k := max(0, i-half); k <= min(n-1, i+half); k++ {
			v += x[k] * h[i-k+half]
		}
		s = append(s, float32(v))
	}
	return s
}

// EBU Tech 3342, the cases that can be synthesised.
func TestEBU3342(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		levels []float64
		want   float64
	}{
		{[]float64{-20, -30}, 10},
		{[]float64{-20, -15}, 5},
		{[]float64{-40, -20}, 20},
		{[]float64{-50, -35, -20, -35, -50}, 15},
	} {
		m := NewMeter(stereo48, false)
		for _, l := range tc.levels {
			m.Write(tone(stereo48, 1000, l, 20))
		}
		near(t, fmt.Sprint(tc.levels), m.Range(), tc.want, 1, 1)
	}
}

func TestMeterRates(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000} {
		f := Format{rate, 1}
		s := tone(f, 997, -20, 5)
		single, dual := NewMeter(f, false), NewMeter(f, true)
		single.Write(s)
		dual.Write(s)
		// A 997 Hz sine of full scale in one channel is -3.01 LUFS (BS.1770-4, note 1).
		near(t, fmt.Sprint(rate), float64(single.Integrated()), -23.01, 0.1, 0.1)
		near(t, fmt.Sprint(rate, " dual mono"), float64(dual.Integrated()-single.Integrated()), 3.0103, 0.001, 0.001)
		if got, want := len(single.Energies()), 50; got != want {
			t.Errorf("%d Hz: %d sub-blocks, want %d", rate, got, want)
		}
	}
}

func TestMeterIsTheSameInAnyPieces(t *testing.T) {
	t.Parallel()
	f := Format{44100, 2}
	s := noise(44100*4, 0.7)
	whole, pieces := NewMeter(f, false), NewMeter(f, false)
	whole.Write(s)
	for rest, n := s, 2; len(rest) > 0; n = n*3%1022 + 2 {
		k := min(n/2*2, len(rest))
		pieces.Write(rest[:k])
		_ = pieces.TruePeak() // asking changes nothing
		rest = rest[k:]
	}
	if whole.Integrated() != pieces.Integrated() || whole.TruePeak() != pieces.TruePeak() || whole.MaxMomentary() != pieces.MaxMomentary() {
		t.Errorf("whole %v %v, in pieces %v %v", whole.Integrated(), whole.TruePeak(), pieces.Integrated(), pieces.TruePeak())
	}
}

// The skip test must not change what is found.
func TestTruePeakAgainstNaive(t *testing.T) {
	t.Parallel()
	p := newInterpolator()
	for name, s := range map[string][]float32{
		"noise":      noise(20000, 0.9),
		"one sample": append(make([]float32, 300), append([]float32{0.5}, make([]float32, 300)...)...),
		"end":        append(make([]float32, 100), 0.3, 0.6, 0.6),
		"empty":      nil,
	} {
		m := NewMeter(Format{24000, 1}, false)
		m.Write(s)
		pad := make([]float32, peakTaps-1)
		x := append(append(append([]float32{}, pad...), s...), pad...)
		want := 0.0
		for i := range s {
			want = max(want, math.Abs(float64(s[i])))
		}
		for i := 0; i+peakTaps <= len(x); i++ {
			for f := range 3 {
				v := 0.0
				for k := range peakTaps {
					v += float64(p.h[k][f]) * float64(x[i+k])
				}
				want = max(want, math.Abs(v))
			}
		}
		want = 20 * math.Log10(want)
		if got := float64(m.TruePeak()); math.Abs(got-want) > 1e-4 && got != want {
			t.Errorf("%s: %v, naive %v", name, got, want)
		}
	}
}

func TestMeterOfNothing(t *testing.T) {
	t.Parallel()
	m := NewMeter(stereo48, false)
	m.Write(make([]float32, 96000*4))
	for name, got := range map[string]float64{
		"integrated": float64(m.Integrated()), "momentary": float64(m.Momentary()),
		"short-term": float64(m.MaxShortTerm()), "true peak": float64(m.TruePeak()),
	} {
		if !math.IsInf(got, -1) {
			t.Errorf("%s of silence is %v", name, got)
		}
	}
	if m.Range() != 0 {
		t.Errorf("range of silence is %v", m.Range())
	}
}

func TestGatedRuns(t *testing.T) {
	t.Parallel()
	block := func(n int, l float64) []float32 {
		s := make([]float32, n)
		for i := range s {
			s[i] = float32(meanSquare(level.LUFS(l)))
		}
		return s
	}
	for name, tc := range map[string]struct {
		runs [][]float32
		want float64
	}{
		"nothing":                    {nil, math.Inf(-1)},
		"an empty run":               {[][]float32{{}}, math.Inf(-1)},
		"below the gate":             {[][]float32{block(50, -71)}, math.Inf(-1)},
		"shorter than a block":       {[][]float32{block(2, -20)}, -20},
		"two alike":                  {[][]float32{block(10, -20), block(30, -20)}, -20},
		"a quiet one is gated":       {[][]float32{block(100, -20), block(100, -40)}, -20},
		"blocks do not reach across": {[][]float32{block(4, -20), block(4, -26)}, -22.04},
	} {
		if got := float64(Gated(tc.runs...)); math.Abs(got-tc.want) > 0.01 && got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// speech is a minute of it, as a mono WAV file of 16 kHz.
func speech(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "speech.wav")
	text := strings.Repeat("The quick brown fox jumps over the lazy dog. Pack my box with five dozen liquor jugs! How vexingly quick daft zebras jump? ", 6)
	run(t, "flite", "-voice", "slt", "-t", text, "-o", path)
	return path
}

func TestMeterAgreesWithFFmpeg(t *testing.T) {
	t.Parallel()
	path := speech(t)
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-")
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	_, summary, ok := strings.Cut(said.String(), "Summary:")
	if !ok {
		t.Fatalf("ffmpeg said %s", said.String())
	}
	theirs := map[string]float64{}
	for line := range strings.Lines(summary) {
		name, value, _ := strings.Cut(line, ":")
		if v, err := strconv.ParseFloat(strings.Fields(value + " x")[0], 64); err == nil {
			theirs[strings.TrimSpace(name)] = v
		}
	}
	d, err := DecodeFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m := NewMeter(d.Format(), false)
	m.Write(all(t, d))
	near(t, "integrated", float64(m.Integrated()), theirs["I"], 0.1, 0.1)
	near(t, "range", m.Range(), theirs["LRA"], 0.2, 0.2)
	near(t, "true peak", float64(m.TruePeak()), theirs["Peak"], 0.1, 0.1)
	if len(theirs) < 3 {
		t.Errorf("ffmpeg said only %v", theirs)
	}
}

func TestAnalyse(t *testing.T) {
	t.Parallel()
	f := Format{24000, 1}
	s := append(make([]float32, 1000), tone(f, 440, -12, 3)...)
	s = append(s, make([]float32, 5000)...)
	a, err := Analyse(Samples(f, s), -60)
	if err != nil {
		t.Fatal(err)
	}
	in, out, frames, err := Bounds(Samples(f, s), -60)
	if err != nil || in != a.In || out != a.Out || frames != a.Frames {
		t.Errorf("bounds %d %d %d %v, analysis %+v", in, out, frames, err, a)
	}
	if a.Frames != int64(len(s)) || a.In < 1000 || a.In > 1002 || a.Out > 73000 || a.Out < 72998 {
		t.Errorf("%d frames, [%d, %d)", a.Frames, a.In, a.Out)
	}
	near(t, "peak", float64(a.Peak), -12, 0.01, 0.01)
	near(t, "true peak", float64(a.TruePeak), -12, 0.05, 0.05)
	m := NewMeter(f, true)
	m.Write(s[a.In:a.Out])
	if want := m.Energies(); len(a.Energies) != len(want) || a.Loudness() != m.Integrated() {
		t.Errorf("%d energies, %v; a meter of the part alone %d, %v", len(a.Energies), a.Loudness(), len(want), m.Integrated())
	}
	for name, s := range map[string][]float32{"nothing": nil, "silence": make([]float32, 9999)} {
		a, err := Analyse(Samples(f, s), -60)
		if err != nil || a.In != 0 || a.Out != 0 || len(a.Energies) != 0 || !math.IsInf(float64(a.Peak), -1) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if _, err := Analyse(&failed{f, os.ErrClosed}, -60); err == nil {
		t.Error("no error from a source that fails")
	}
}
