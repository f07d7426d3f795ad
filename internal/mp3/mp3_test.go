package mp3_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/internal/mp3"
)

// library is libmp3lame, which Debian's ffmpeg brings; without it there is
// nothing to test.
func library(t testing.TB) *mp3.Library {
	t.Helper()
	l, err := mp3.Load()
	if absent := new(mp3.AbsentError); errors.As(err, &absent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// talk is noise shaped like speech: words with edges of silence, at a level
// that changes.
func talk(seed uint64, frames, channels int) []float32 {
	r := rand.New(rand.NewPCG(seed, 7))
	n := frames * mp3.FrameSize
	out := make([]float32, n*channels)
	var low float64
	for i := range n {
		low += 0.15 * (r.Float64()*2 - 1 - low)
		word := math.Max(0, math.Sin(float64(i)/4000))
		v := 0.8 * low * word * (0.6 + 0.4*math.Sin(float64(i)/17000))
		v += 0.2 * word * math.Sin(float64(i)*2*math.Pi*180/44100)
		for c := range channels {
			out[i*channels+c] = float32(v) * (1 - 0.3*float32(c))
		}
	}
	return out
}

// hum is a voice without noise, of which an encoder keeps the level.
func hum(frames, channels int) []float32 {
	out := make([]float32, frames*mp3.FrameSize*channels)
	for i := range out {
		at := float64(i/channels) * 2 * math.Pi / 44100
		out[i] = float32(math.Min(1, float64(i)/9000) * (0.3*math.Sin(110*at) + 0.2*math.Sin(220*at) + 0.1*math.Sin(660*at)))
	}
	return out
}

// between puts a stretch into silence, as pauses are: lead frames before it,
// and after it what the encoder needs.
func between(lead int, samples []float32, channels int) []float32 {
	n := mp3.FrameSize * channels
	clear(samples[:lead*n])
	clear(samples[len(samples)-mp3.Settle*n:])
	return samples
}

// decode is what ffmpeg plays of an MP3 in which every player finds an Info frame.
func decode(t *testing.T, b []byte, channels int) []float32 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "f32le", "-ac", strconv.Itoa(channels), "-").Output()
	if err != nil {
		t.Fatalf("ffmpeg -xerror: %v", err)
	}
	samples := make([]float32, len(out)/4)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, samples); err != nil {
		t.Fatal(err)
	}
	return samples
}

// snr is how far got is from want, in dB.
func snr(want, got []float32) float64 {
	var signal, noise float64
	for i, w := range want {
		d := float64(got[i] - w)
		signal += float64(w) * float64(w)
		noise += d * d
	}
	return 10 * math.Log10(signal/noise)
}

// join puts stretches together as a file.
func join(t *testing.T, s mp3.Settings, stretches ...[]byte) []byte {
	t.Helper()
	st, err := mp3.NewStream(s)
	if err != nil {
		t.Fatal(err)
	}
	var frames int64
	var out []byte
	for _, b := range stretches {
		n, err := mp3.Frames(b)
		if err != nil {
			t.Fatal(err)
		}
		frames += int64(n)
		st.Add(n, int64(len(b)), mp3.CRC(b))
		out = append(out, b...)
	}
	info, err := st.Info((frames - 1) * mp3.FrameSize)
	if err != nil {
		t.Fatal(err)
	}
	if got := int64(len(info) + len(out)); got != st.Bytes() {
		t.Errorf("Bytes says %d, there are %d", st.Bytes(), got)
	}
	return append(info, out...)
}

func cut(t *testing.T, b []byte, skip, n int) (kept, rest []byte) {
	t.Helper()
	kept, rest, err := mp3.Cut(b, skip, n)
	if err != nil {
		t.Fatal(err)
	}
	return kept, rest
}

var settings = []mp3.Settings{
	{Rate: 44100, Channels: 1, Bitrate: 96},
	{Rate: 44100, Channels: 2, Bitrate: 128, Joint: true},
	{Rate: 48000, Channels: 1, Bitrate: 64},
	{Rate: 32000, Channels: 2, Bitrate: 192},
	{Rate: 44100, Channels: 1, Bitrate: 32},
	{Rate: 48000, Channels: 2, Bitrate: 320, Joint: true},
}

// TestStretchesPlayAsOne joins stretches that end in silence, and compares
// with what went in and with one encoder over all of it.
func TestStretchesPlayAsOne(t *testing.T) {
	t.Parallel()
	l := library(t)
	for _, s := range settings {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			t.Parallel()
			var whole []float32
			var pieces [][]byte
			for i := range 5 {
				frames := 40 + 13*i
				pcm := between(4, talk(uint64(i), frames, s.Channels), s.Channels)
				whole = append(whole, pcm...)
				b, err := l.Encode(s, pcm)
				if err != nil {
					t.Fatal(err)
				}
				kept, rest := cut(t, b, 0, frames)
				if i == 4 {
					flush, _ := cut(t, rest, 0, 1)
					kept = append(kept, flush...)
				}
				pieces = append(pieces, kept)
			}
			joined := decode(t, join(t, s, pieces...), s.Channels)
			if len(joined) != len(whole) {
				t.Fatalf("%d samples play, %d went in", len(joined), len(whole))
			}
			b, err := l.Encode(s, whole)
			if err != nil {
				t.Fatal(err)
			}
			n := len(whole)/s.Channels/mp3.FrameSize + 1
			kept, _ := cut(t, b, 0, n)
			once := decode(t, join(t, s, kept), s.Channels)
			apart, together := snr(whole, joined), snr(whole, once)
			// What is lost is lost where a stretch begins without a reservoir, the
			// more the fewer bits there are.
			if math.Abs(apart-together) > 0.3 {
				t.Errorf("joined %.2f dB, encoded at once %.2f dB", apart, together)
			}
		})
	}
}

// TestJointInSound cuts in the middle of sound: frames of the other side are
// encoded with each stretch and left out again.
func TestJointInSound(t *testing.T) {
	t.Parallel()
	l := library(t)
	const before, behind = 4, 2
	s := mp3.Settings{Rate: 44100, Channels: 2, Bitrate: 128, Joint: true}
	pcm := talk(3, 200, 2)
	whole := func(from, to int) []float32 { return pcm[from*mp3.FrameSize*2 : to*mp3.FrameSize*2] }
	encode := func(from, to, first int) []byte {
		b, err := l.EncodeFrom(s, whole(from, to), 0, first)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first, _ := cut(t, encode(0, 100+behind, 0), 0, 100)
	second, rest := cut(t, encode(100-before, 200, before), before, 100)
	flush, _ := cut(t, rest, 0, 1)
	joined := decode(t, join(t, s, first, append(second, flush...)), 2)
	once, _ := cut(t, encode(0, 200, 0), 0, 201)
	all := decode(t, join(t, s, once), 2)
	if len(joined) != len(pcm) || len(all) != len(pcm) {
		t.Fatalf("%d and %d samples play, %d went in", len(joined), len(all), len(pcm))
	}
	near := func(x []float32) []float32 { return x[98*mp3.FrameSize*2 : 102*mp3.FrameSize*2] }
	if a, b := snr(near(pcm), near(joined)), snr(near(pcm), near(all)); a < b-0.5 {
		t.Errorf("%.2f dB around the joint, %.2f dB in one piece", a, b)
	}
}

// TestDecodeKeepsTime looks for the delay that Decode promises, and for the
// gain of 1 that Encode does, whatever LAME makes of the bit rate.
func TestDecodeKeepsTime(t *testing.T) {
	t.Parallel()
	l := library(t)
	var most float64
	for i, s := range everySetting() {
		pcm := between(0, hum(60, s.Channels), s.Channels)
		b, err := l.Encode(s, pcm)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Decode(nil, b, s.Channels)
		if err != nil {
			t.Fatal(err)
		}
		delay := (mp3.EncoderDelay + mp3.DecoderDelay) * s.Channels
		got = got[delay : delay+len(pcm)]
		var dot, square float64
		for i, v := range pcm {
			dot += float64(v) * float64(got[i])
			square += float64(v) * float64(v)
		}
		gain := 20 * math.Log10(dot/square)
		if most = max(most, math.Abs(gain)); math.Abs(gain) > 0.05 {
			t.Errorf("%+v: a gain of %.3f dB", s, gain)
		}
		if i%27 > 0 && !*every { // ffmpeg is slow to start
			continue
		}
		for _, d := range []*mp3.Library{l, l.WithoutMPG123()} {
			same, err := d.Decode(nil, b, s.Channels)
			if err != nil {
				t.Fatal(err)
			}
			if d := snr(got, same[delay:delay+len(pcm)]); d < 60 {
				t.Errorf("%+v: two decoders are %.1f dB apart", s, d)
			}
		}
		want := decode(t, join(t, s, b), s.Channels)
		if d := snr(want[:len(pcm)], got); d < 60 {
			t.Errorf("%+v: %.1f dB from what ffmpeg decodes", s, d)
		}
	}
	t.Logf("the gain is off by %.3f dB at most", most)
}

// TestInfoHasTheHeaderOfItsFrames: players take a file's rate and channels from its
// first frame, which is the Info frame.
func TestInfoHasTheHeaderOfItsFrames(t *testing.T) {
	t.Parallel()
	l := library(t)
	for _, s := range settings {
		b, err := l.Encode(s, talk(1, 4, s.Channels))
		if err != nil {
			t.Fatal(err)
		}
		st, err := mp3.NewStream(s)
		if err != nil {
			t.Fatal(err)
		}
		n, err := mp3.Frames(b)
		if err != nil {
			t.Fatal(err)
		}
		st.Add(n, int64(len(b)), mp3.CRC(b))
		info, err := st.Info(4 * mp3.FrameSize)
		if err != nil {
			t.Fatal(err)
		}
		// Sync, version and layer; rate; mode. Bit rate and padding are each frame's own.
		same := func(b []byte) [4]byte { return [4]byte{b[0], b[1], b[2] & 0x0C, b[3] & 0xC0} }
		if ours, lames := same(info), same(b); ours != lames {
			t.Errorf("%+v: the Info frame begins with % x, LAME's with % x", s, ours, lames)
		}
	}
}

// TestInfoAgainstFFmpeg writes the Info frame anew for a stream that ffmpeg
// made, and compares with ffmpeg's own.
func TestInfoAgainstFFmpeg(t *testing.T) {
	t.Parallel()
	for _, s := range settings {
		path := filepath.Join(t.TempDir(), "a.mp3")
		out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:duration=7",
			"-ar", strconv.Itoa(s.Rate), "-ac", strconv.Itoa(s.Channels), "-c:a", "libmp3lame", "-b:a", fmt.Sprint(s.Bitrate, "k"),
			"-joint_stereo", strconv.Itoa(map[bool]int{true: 1}[s.Joint]), "-write_xing", "1", "-id3v2_version", "0", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		frames := mp3.WithoutInfo(b)
		theirs := b[:len(b)-len(frames)]
		n, err := mp3.Frames(frames)
		if err != nil {
			t.Fatal(err)
		}
		st, _ := mp3.NewStream(s)
		st.Add(n, int64(len(frames)), mp3.CRC(frames))
		ours, err := st.Info(int64(7 * s.Rate))
		if err != nil {
			t.Fatal(err)
		}
		at, other := bytes.Index(ours, []byte("Info")), bytes.Index(theirs, []byte("Info"))
		if s.Bitrate == 32 {
			if len(ours) < at+156 || at != other {
				t.Errorf("%+v: the Info frame has %d bytes", s, len(ours))
			}
			continue // ffmpeg puts it into a frame of another bit rate than we do
		}
		if len(ours) != len(theirs) || at != other {
			t.Fatalf("%+v: %d bytes with Info at %d, ffmpeg has %d with it at %d", s, len(ours), at, len(theirs), other)
		}
		for name, r := range map[string][2]int{
			"flags, frames, bytes": {0, 16}, "delay and padding": {141, 144}, "music length and checksum": {148, 154},
		} {
			if a, b := ours[at+r[0]:at+r[1]], theirs[at+r[0]:at+r[1]]; !bytes.Equal(a, b) {
				t.Errorf("%+v: %s are % x, ffmpeg has % x", s, name, a, b)
			}
		}
		for k := range 100 {
			// ffmpeg fills it from a frame or two further on.
			if a, b := int(ours[at+16+k]), int(theirs[at+16+k]); a-b > 3 || b-a > 3 {
				t.Errorf("%+v: place %d of the contents is %d, ffmpeg has %d", s, k, a, b)
			}
		}
	}
}

// TestManyAtOnce encodes and decodes on every core, and wants the samples that
// one at a time gives.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	l := library(t)
	t.Run(l.Decoder(), func(t *testing.T) { t.Parallel(); manyAtOnce(t, l) })
	other := l.WithoutMPG123()
	t.Run(other.Decoder()+" alone", func(t *testing.T) { t.Parallel(); manyAtOnce(t, other) })
}

func manyAtOnce(t *testing.T, l *mp3.Library) {
	s := settings[0]
	type stretch struct {
		pcm, heard []float32
		frames     []byte
	}
	var want []stretch
	for i := range 12 {
		pcm := talk(uint64(i), 30+i, 1)
		frames, err := l.Encode(s, pcm)
		if err != nil {
			t.Fatal(err)
		}
		heard, err := l.Decode(nil, frames, 1)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, stretch{pcm, heard, frames})
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 60 {
				w := want[(i*7+worker)%len(want)]
				if got, err := l.Encode(s, w.pcm); err != nil || !bytes.Equal(got, w.frames) {
					t.Errorf("encoded at the same time as others, the bytes are others (%v)", err)
				}
				if got, err := l.Decode(nil, w.frames, 1); err != nil || !slices.Equal(got, w.heard) {
					t.Errorf("decoded at the same time as others, the samples are others (%v)", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRefused(t *testing.T) {
	t.Parallel()
	l := library(t)
	for name, tc := range map[string]struct {
		s    mp3.Settings
		n    int
		want string
	}{
		"rate":        {mp3.Settings{Rate: 22050, Channels: 1, Bitrate: 96}, mp3.FrameSize, "sample rate"},
		"channels":    {mp3.Settings{Rate: 44100, Channels: 3, Bitrate: 96}, mp3.FrameSize, "channels"},
		"bit rate":    {mp3.Settings{Rate: 44100, Channels: 1, Bitrate: 100}, mp3.FrameSize, "bit rate"},
		"no frame":    {settings[0], 0, "whole MPEG frames"},
		"half frames": {settings[0], 1500, "whole MPEG frames"},
	} {
		if _, err := l.Encode(tc.s, make([]float32, tc.n)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, tc.want)
		}
	}
	if _, err := l.Decode(nil, []byte("no frames at all"), 1); err == nil {
		t.Error("text was decoded")
	}
	b, err := l.Encode(settings[0], talk(1, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := mp3.Cut(b, 2, 9); err == nil {
		t.Error("more frames were cut than there are")
	}
	if _, err := mp3.Frames(b[:len(b)-1]); err == nil {
		t.Error("half a frame was counted")
	}
}

// FuzzCut reads what may be frames.
func FuzzCut(f *testing.F) {
	f.Add([]byte{0xFF, 0xFB, 0x50, 0xC0}, 0, 1)
	f.Add(bytes.Repeat([]byte{0xFF, 0xFB, 0x10, 0xC0}, 60), 1, 1)
	f.Fuzz(func(t *testing.T, b []byte, skip, n int) {
		if skip < 0 || n < 0 || skip > 1000 || n > 1000 {
			return
		}
		kept, rest, err := mp3.Cut(b, skip, n)
		if err == nil && !bytes.HasSuffix(b, append(append([]byte{}, kept...), rest...)) {
			t.Error("what was kept and what follows are not the end of what was given")
		}
		if got, err := mp3.Frames(kept); err != nil || (n > 0 && kept != nil && got != n) {
			t.Errorf("%d frames were kept, want %d (%v)", got, n, err)
		}
		if len(mp3.WithoutInfo(b)) > len(b) {
			t.Error("longer without its Info frame")
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	l := library(b)
	pcm := talk(1, 256, 1)
	for b.Loop() {
		if _, err := l.Encode(settings[0], pcm); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(pcm))/44100/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}

func BenchmarkDecode(b *testing.B) {
	l := library(b)
	pcm := talk(1, 256, 1)
	enc, err := l.Encode(settings[0], pcm)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.Decode(nil, enc, 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(pcm))/44100/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}
