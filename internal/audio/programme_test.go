package audio

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
)

// talk is takes of two engines, each with its own rate and loudness.
func talk(t testing.TB) (takes [][]float32, formats []Format) {
	t.Helper()
	for i, sentence := range []string{
		"Yes.",
		"The ferry leaves at a quarter past seven, whatever the weather does.",
		"Who told you that? Nobody knows it, and nobody is going to.",
		"First the harbour was dredged; then the mole was lengthened by ninety metres, at great cost.",
		"Well.",
		"A hundred and twelve people signed the letter before noon.",
	} {
		var b []byte
		if i%2 == 0 {
			b = run(t, "espeak-ng", "--stdout", "-p", fmt.Sprint(30+10*i), "-a", fmt.Sprint(60+20*i), sentence)
		} else {
			path := t.TempDir() + "/take.wav"
			run(t, "flite", "-voice", "slt", "-t", sentence, "-o", path)
			b = read(t, path)
		}
		d, err := Decode(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		takes, formats = append(takes, all(t, d)), append(formats, d.Format())
	}
	return takes, formats
}

// layOut renders talk for about a minute, at rate, in blocks of whole steps,
// and lays its energies on a canvas.
func layOut(t testing.TB, rate int) (blocks [][]float32, canvas *Canvas) {
	t.Helper()
	takes, formats := talk(t)
	canvas = &Canvas{}
	at := int64(0)
	for i := range 20 {
		s, f := takes[i%len(takes)], formats[i%len(takes)]
		gain := level.DB(3 - i%5)
		a, err := Analyse(Samples(f, s), -50)
		if err != nil {
			t.Fatal(err)
		}
		sound := all(t, Resample(Samples(f, amplified(s[a.In:a.Out], float64(gain))), rate))
		before, after := rate*(2+i%4)/20, rate*(1+i%3)/13
		block := make([]float32, before, before+len(sound)+after+StepFrames)
		block = append(append(block, sound...), make([]float32, after)...)
		block = append(block, make([]float32, (StepFrames-len(block)%StepFrames)%StepFrames)...)
		canvas.Add(at+int64(before), rate, a.Energies, gain)
		blocks = append(blocks, block)
		at += int64(len(block))
	}
	return blocks, canvas
}

// The truth is one meter over the whole.
func TestProgrammeAgainstTheWhole(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{24000, 44100, 48000} {
		f := Format{rate, 1}
		blocks, canvas := layOut(t, rate)
		whole, steps := NewMeter(f, true), NewStepMeter(f)
		programme := NewProgramme(StepFrames, rate)
		peak := level.DBTP(math.Inf(-1))
		for _, b := range blocks {
			whole.Write(b)
			steps.Reset()
			steps.Write(b)
			if got, want := len(steps.Steps()), len(b)/StepFrames; got != want {
				t.Fatalf("%d steps of %d frames, want %d", got, len(b), want)
			}
			programme.Add(steps.Steps(), 0)
			peak = max(peak, steps.TruePeak())
		}
		t.Logf("%d Hz: whole %.3f, from blocks %.3f, predicted %.3f LUFS; range %.2f, %.2f LU", rate,
			whole.Integrated(), programme.Integrated(), canvas.Integrated(), whole.Range(), programme.Range())
		near(t, fmt.Sprint(rate, " Hz: from blocks"), float64(programme.Integrated()-whole.Integrated()), 0, 0.03, 0.03)
		near(t, fmt.Sprint(rate, " Hz: predicted"), float64(canvas.Integrated()-whole.Integrated()), 0, 0.05, 0.05)
		near(t, fmt.Sprint(rate, " Hz: range"), programme.Range()-whole.Range(), 0, 0.1, 0.1)
		if peak != whole.TruePeak() {
			t.Errorf("%d Hz: true peak %v of the blocks, %v of the whole", rate, peak, whole.TruePeak())
		}
	}
}

// On a grid of its own, a Programme is the meter.
func TestProgrammeOfSubBlocks(t *testing.T) {
	t.Parallel()
	f := Format{44100, 2}
	m := NewMeter(f, true)
	m.Write(noise(2*44100*7, 0.3))
	p := NewProgramme(4410, 44100)
	p.Add(m.Energies()[:33], 0)
	p.Add(m.Energies()[33:], 0)
	if p.Integrated() != m.Integrated() || p.Range() != m.Range() {
		t.Errorf("%v, %v; the meter says %v, %v", p.Integrated(), p.Range(), m.Integrated(), m.Range())
	}
	louder := NewProgramme(4410, 44100)
	louder.Add(m.Energies(), 6)
	near(t, "6 dB louder", float64(louder.Integrated()-m.Integrated()), 6, 1e-4, 1e-4)
}

// EBU Tech 3341 and 3342 by steps, whose grid is not that of the gates.
func TestProgrammeEBU(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		parts      []part
		integrated float64
		lra        float64
	}{
		"3341-1": {[]part{{20, -23}}, -23, math.NaN()},
		"3341-3": {[]part{{10, -36}, {60, -23}, {10, -36}}, -23, math.NaN()},
		"3341-4": {[]part{{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}, -23, math.NaN()},
		"3341-5": {[]part{{20, -26}, {20.1, -20}, {20, -26}}, -23, math.NaN()},
		"3342-1": {[]part{{20, -20}, {20, -30}}, math.NaN(), 10},
		"3342-2": {[]part{{20, -20}, {20, -15}}, math.NaN(), 5},
		"3342-3": {[]part{{20, -40}, {20, -20}}, math.NaN(), 20},
		"3342-4": {[]part{{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}, math.NaN(), 15},
	} {
		m, err := MeasureSteps(Samples(stereo48, parts(stereo48, tc.parts...)))
		if err != nil {
			t.Fatal(err)
		}
		p := NewProgramme(StepFrames, 48000)
		p.Add(m.Steps(), 0)
		if !math.IsNaN(tc.integrated) {
			near(t, name, float64(p.Integrated()), tc.integrated, 0.1, 0.1)
		}
		if !math.IsNaN(tc.lra) {
			near(t, name, p.Range(), tc.lra, 1, 1)
		}
	}
}

func TestStepMeterInAnyPieces(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{{44100, 1}, {44100, 2}} {
		s := noise(f.Channels*(StepFrames*5+100), 0.9)
		whole, pieces := NewStepMeter(f), NewStepMeter(f)
		whole.Write(s)
		for rest, n := s, 2; len(rest) > 0; n = n*3%3000 + 2 {
			k := min(n/2*2, len(rest))
			pieces.Write(rest[:k])
			_, _ = pieces.Steps(), pieces.TruePeak() // asking changes nothing
			rest = rest[k:]
		}
		a, b := whole.Steps(), pieces.Steps()
		if len(a) != 6 || len(b) != 6 || whole.TruePeak() != pieces.TruePeak() {
			t.Fatalf("%v: %d and %d steps, %v and %v", f, len(a), len(b), whole.TruePeak(), pieces.TruePeak())
		}
		for i := range a {
			if math.Abs(float64(a[i]/b[i]-1)) > 1e-6 {
				t.Errorf("%v: step %d is %v, in pieces %v", f, i, a[i], b[i])
			}
		}
		whole.Reset()
		whole.Write(s)
		for i, v := range whole.Steps() {
			if v != a[i] {
				t.Errorf("%v: step %d is %v after a reset, %v before", f, i, v, a[i])
			}
		}
	}
}

func TestMeasureStepsErrors(t *testing.T) {
	t.Parallel()
	if _, err := MeasureSteps(&failed{Format{44100, 1}, os.ErrClosed}); err == nil || !strings.Contains(err.Error(), os.ErrClosed.Error()) {
		t.Errorf("a source that fails: %v", err)
	}
	if _, err := MeasureSteps(Samples(Format{44100, 3}, nil)); err == nil {
		t.Error("3 channels are no error")
	}
}

func TestCanvas(t *testing.T) {
	t.Parallel()
	even := []float32{1, 1, 1, 1, 1, 1}
	for name, tc := range map[string]struct {
		at   int64
		gain level.DB
		want []float32
	}{
		"on the grid":        {800, 0, []float32{0, 1, 1, 1, 1, 1, 1, 0}},
		"a quarter past":     {1000, 0, []float32{0, 0.75, 1, 1, 1, 1, 1, 0.25}},
		"before the start":   {-1000, 0, []float32{1, 1, 1, 1, 0.75}},
		"long before":        {-80000, 0, nil},
		"just before":        {-4800, 0, nil},
		"ends at the start":  {-4799, 0, []float32{1.0 / 800}},
		"louder":             {0, level.FromFactor(2), []float32{4, 4, 4, 4, 4, 4, 0}},
		"the end of numbers": {math.MaxInt64, 0, nil},
		"their start":        {math.MinInt64, 0, nil},
	} {
		var c Canvas
		c.Add(tc.at, 8000, even, tc.gain)
		got := c.Energies()
		for i := range max(len(got), len(tc.want)) {
			var g, w float32
			if i < len(got) {
				g = got[i]
			}
			if i < len(tc.want) {
				w = tc.want[i]
			}
			if math.Abs(float64(g-w)) > 1e-5 {
				t.Errorf("%s: %v, want %v", name, got, tc.want)
				break
			}
		}
	}
	var c Canvas
	c.Add(0, 8000, even, 0)
	c.Add(400, 8000, even, 0)
	if got := c.Energies()[1]; got != 2 {
		t.Errorf("two sounds at once have an energy of %v, want 2", got)
	}
	if got := (&Canvas{}).Integrated(); !math.IsInf(float64(got), -1) {
		t.Errorf("an empty canvas is %v", got)
	}
}

func BenchmarkStepMeter(b *testing.B) {
	for _, f := range []Format{{44100, 1}, {44100, 2}} {
		s := speechLike(f)
		b.Run(nameOf(f), func(b *testing.B) {
			measure(b, 60, func() {
				m := NewStepMeter(f)
				m.Write(s)
				_ = m.TruePeak()
			})
		})
	}
}

// BenchmarkProgramme gates ten hours anew.
func BenchmarkProgramme(b *testing.B) {
	steps := make([]float32, 36000*44100/StepFrames)
	for i, v := range noise(len(steps), 1) {
		steps[i] = v * v
	}
	b.ReportAllocs()
	for b.Loop() {
		p := NewProgramme(StepFrames, 44100)
		p.Add(steps, -3)
		_ = p.Integrated()
	}
}
