package master

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/record"
)

// files are takes in memory.
type files map[string][]byte

func (f files) Take(key string) ([]byte, error) {
	b, ok := f[key]
	if !ok {
		return nil, fmt.Errorf("no take %s", key)
	}
	return b, nil
}

// wav is a file of 16-bit samples.
func wav(t testing.TB, rate, channels int, samples []float64) []byte {
	t.Helper()
	pcm := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(math.Round(s*32767))))
	}
	b, err := audio.WrapPCM(pcm, "pcm_s16le", rate, channels)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// babble is noise in bursts, as unsteady as speech.
func babble(seed uint64, frames int, amplitude float64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float64, frames)
	var low float64
	for i := range out {
		low += 0.2 * (r.Float64()*2 - 1 - low)
		out[i] = amplitude * low * (0.55 + 0.45*math.Sin(float64(i)/3000))
	}
	return out
}

// options are those of a test, with a cache of its own.
func options(t testing.TB) Options {
	return Options{Loudness: -16, Peak: -1, MP3: DefaultMP3(), Cache: store.OpenCache(t.TempDir(), store.Options{})}
}

func format(tl *mix.Timeline) audio.Format { return audio.Format{Rate: tl.Rate, Channels: tl.Channels} }

// heard listens to the takes of a timeline, as recording does.
func heard(t testing.TB, tl *mix.Timeline, takes files) *mix.Timeline {
	t.Helper()
	known := map[string]*record.Sound{}
	for i := range tl.Clips {
		c := &tl.Clips[i]
		if known[c.Take] == nil && takes[c.Take] != nil {
			s, err := record.Listen(t.Context(), takes[c.Take])
			if err != nil {
				t.Fatal(err)
			}
			known[c.Take] = &s
		}
		c.Sound = known[c.Take]
	}
	return tl
}

// TestRenderAgainstPlainSum lays clips that overlap, start inside a stretch
// and end at its edge, and compares with a loop that adds one clip after another.
func TestRenderAgainstPlainSum(t *testing.T) {
	t.Parallel()
	const rate = 44100
	const stretch = 8 * mix.Grid
	a, b := babble(1, 30000, 0.5), babble(2, 9*stretch, 0.5)
	tl := &mix.Timeline{Rate: rate, Channels: 2, Frames: 12 * stretch, Clips: []mix.Clip{
		{Take: "a", Rate: rate, From: 0, To: 30000, Start: 0, Length: 30000, FadeIn: 300, FadeOut: 300},
		{Take: "b", Rate: rate, From: 100, To: 100 + 2*stretch, Start: 20000, Length: 2 * stretch, Gain: -6, FadeOut: 5000},
		{Take: "a", Rate: rate, From: 5, To: 6, Start: 3 * stretch, Length: 1},
		{Take: "b", Rate: rate, From: 0, To: stretch, Start: 5*stretch - 1, Length: stretch, Gain: 3},
		{Take: "a", Rate: rate, From: 0, To: 30000, Start: 12*stretch - 30000, Length: 30000},
	}}
	takes := files{"a": wav(t, rate, 1, a), "b": wav(t, rate, 1, b)}
	want := make([]float64, tl.Frames)
	for _, c := range tl.Clips {
		from := map[string][]float64{"a": a, "b": b}[c.Take]
		for i := range c.Length {
			g := c.Gain.Factor()
			if i < c.FadeIn {
				g *= 0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(c.FadeIn))
			}
			if left := c.Length - 1 - i; left < c.FadeOut {
				g *= 0.5 - 0.5*math.Cos(math.Pi*float64(left)/float64(c.FadeOut))
			}
			want[c.Start+i] += g * from[c.From+i]
		}
	}
	var clips []*mix.Clip
	for i := range tl.Clips {
		clips = append(clips, &tl.Clips[i])
	}
	s := newSounds(takes, options(t).Cache, format(tl))
	var got []float32
	for from := int64(0); from < tl.Frames; from += 5000 { // pieces that end anywhere
		part, err := s.render(t.Context(), tl, clips, from, min(from+5000, tl.Frames), 0)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part...)
	}
	if len(got) != 2*len(want) {
		t.Fatalf("%d samples, want %d", len(got), 2*len(want))
	}
	for i, w := range want {
		for ch := range 2 {
			if d := math.Abs(float64(got[2*i+ch]) - w); d > 2e-4 {
				t.Fatalf("frame %d channel %d: %g, want %g", i, ch, got[2*i+ch], w)
			}
		}
	}
}

func TestRenderErrors(t *testing.T) {
	t.Parallel()
	takes := files{"short": wav(t, 44100, 1, babble(1, 1000, 0.5)), "other": wav(t, 22050, 1, babble(1, 1000, 0.5)), "junk": []byte("not audio at all, only text")}
	for name, tc := range map[string]struct {
		clip mix.Clip
		want string
	}{
		"shorter than measured": {mix.Clip{Take: "short", Rate: 44100, To: 2000, Length: 2000}, "shorter than it was measured"},
		"another rate":          {mix.Clip{Take: "other", Rate: 44100, To: 900, Length: 900}, "changed while"},
		"no audio":              {mix.Clip{Take: "junk", Rate: 44100, To: 900, Length: 900}, "take junk"},
		"gone":                  {mix.Clip{Take: "gone", Rate: 44100, To: 900, Length: 900}, "no take gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl := &mix.Timeline{Rate: 44100, Channels: 1, Frames: 10 * mix.Grid, Clips: []mix.Clip{tc.clip}}
			tl.Clips[0].Sound = &record.Sound{SHA256: "ab", Energies: []float32{0.1, 0.1, 0.1, 0.1}}
			_, err := Make(t.Context(), tl, takes, options(t), nil)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that says %q", err, tc.want)
			}
		})
	}
}

// talk is a timeline of n takes of a second and a half, at several rates,
// with peaks that need limiting.
func talk(t testing.TB, n, channels int) (*mix.Timeline, files) {
	t.Helper()
	takes := files{}
	tl := &mix.Timeline{Rate: 44100, Channels: channels}
	at := int64(mix.Grid)
	for i := range n {
		rate := []int{8000, 16000, 22050, 24000, 44100, 48000}[i%6]
		key := fmt.Sprint("take", i%12)
		frames := rate * 3 / 2
		if takes[key] == nil {
			samples := babble(uint64(i), frames, 0.3)
			for j := 0; j < frames; j += rate / 7 {
				samples[j] = 0.95 // a click, to be limited
			}
			takes[key] = wav(t, rate, 1, samples)
		}
		length := audio.ResampledFrames(int64(frames), rate, tl.Rate)
		tl.Clips = append(tl.Clips, mix.Clip{Take: key, Rate: rate, To: int64(frames), Start: at, Length: length, FadeIn: 200, FadeOut: 200})
		at = (at + length + 3*mix.Grid) / mix.Grid * mix.Grid
	}
	tl.Frames = at
	return heard(t, tl, takes), takes
}

// file is a master as an MP3 file, and what a player hears in it.
func file(t *testing.T, m *Master) (path string, loudness *podcast.Loudness) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.mp3")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.WriteTo(f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if loudness, err = Listen(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	return path, loudness
}

func TestMakeReachesItsTargets(t *testing.T) {
	t.Parallel()
	for _, channels := range []int{1, 2} {
		t.Run(fmt.Sprint(channels), func(t *testing.T) {
			t.Parallel()
			tl, takes := talk(t, 12, channels)
			var sums [2]string
			for i := range sums {
				m, err := Make(t.Context(), tl, takes, options(t), nil)
				if err != nil {
					t.Fatal(err)
				}
				path, loudness := file(t, m)
				if off := math.Abs(float64(loudness.Integrated + 16)); off > Tolerance {
					t.Errorf("%v integrated, want −16 ± %v", loudness.Integrated, Tolerance)
				}
				if loudness.TruePeak > -0.9 { // blocks were measured in 16 bits
					t.Errorf("true peak %v, want at most −1 dBTP", loudness.TruePeak)
				}
				if d := math.Abs(float64(loudness.Integrated - m.Loudness.Integrated)); d > 0.05 {
					t.Errorf("the blocks say %v, the file %v", m.Loudness.Integrated, loudness.Integrated)
				}
				if d := math.Abs(float64(loudness.TruePeak - m.Loudness.TruePeak)); d > 0.05 {
					t.Errorf("the blocks say %v, the file %v", m.Loudness.TruePeak, loudness.TruePeak)
				}
				if want := map[int]int{1: 96, 2: 128}[channels]; m.Bitrate != want {
					t.Errorf("%d kb/s, want %d", m.Bitrate, want)
				}
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				sums[i] = string(b)
				d, err := audio.DecodeFile(t.Context(), path)
				if err != nil {
					t.Fatal(err)
				}
				_, _, frames, err := audio.Bounds(d, -50)
				if err = errors.Join(err, d.Close()); err != nil || frames != tl.Frames {
					t.Errorf("%d frames play, want %d (%v)", frames, tl.Frames, err)
				}
			}
			if sums[0] != sums[1] {
				t.Error("the same timeline gave different bytes")
			}
		})
	}
}

// TestSamplesAreWhatWasEncoded compares the sound that other formats are made
// from with what the MP3 plays.
func TestSamplesAreWhatWasEncoded(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 30, 2)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	var plain []float32
	if err := m.Samples(t.Context(), func(s []float32) error { plain = append(plain, s...); return nil }); err != nil {
		t.Fatal(err)
	}
	path, _ := file(t, m)
	d, err := audio.DecodeFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	coded := make([]float32, len(plain))
	if err := fill(d, coded); err != nil {
		t.Fatal(err)
	}
	var signal, noise float64
	for i, v := range plain {
		signal += float64(v) * float64(v)
		noise += float64(v-coded[i]) * float64(v-coded[i])
	}
	if snr := 10 * math.Log10(signal/noise); snr < 12 || int64(len(plain)) != 2*tl.Frames {
		t.Errorf("%d samples, %.1f dB from what the MP3 plays; want %d and more than 12 dB", len(plain), snr, 2*tl.Frames)
	}
	stop := errors.New("stop")
	if err := m.Samples(t.Context(), func([]float32) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v, want that of whoever used them", err)
	}
}

func TestMakeStopsAtOnce(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 400, 1)
	ctx, cancel := context.WithCancel(t.Context())
	before := runtime.NumGoroutine()
	_, err := Make(ctx, tl, takes, options(t), func(done, total int64) {
		if done > total/20 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if after := runtime.NumGoroutine(); after > before+20 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// TestSilenceIsRefused before anything of it is encoded.
func TestSilenceIsRefused(t *testing.T) {
	t.Parallel()
	tl := &mix.Timeline{Rate: 44100, Channels: 1, Frames: 50 * mix.Grid}
	_, err := Make(t.Context(), tl, files{}, options(t), func(done, _ int64) { t.Errorf("%d frames were made", done) })
	if err == nil || !strings.Contains(err.Error(), "silent") {
		t.Errorf("error %v, want one that says the episode is silent", err)
	}
}
