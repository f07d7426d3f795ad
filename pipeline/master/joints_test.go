package master

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// TestJoints makes three episodes of real speech, and compares the file with
// the sound before coding and with one encoder over all of it.
func TestJoints(t *testing.T) {
	t.Parallel()
	for name, e := range episodes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl, takes := spoken(t, *minutes, e.tracks)
			o := options(t)
			o.Loudness, o.MP3 = e.loud, e.mp3
			m, err := Make(t.Context(), tl, takes, o, nil)
			if err != nil {
				t.Fatal(err)
			}
			examine(t, m, 0.1, 0.001)
		})
	}
}

// examine holds the file of a master against the sound before coding and
// against one encoder over all of it: the whole may be noisier by all dB, and a
// part of its seconds by 3.
func examine(t *testing.T, m *Master, all, part float64) {
	t.Helper()
	tl := m.as.tl
	path, heard := file(t, m)
	t.Logf("%.2f LUFS and %.2f dBTP by the blocks, %.2f and %.2f by the file",
		float64(m.Loudness.Integrated), float64(m.Loudness.TruePeak), float64(heard.Integrated), float64(heard.TruePeak))
	if d := math.Abs(float64(heard.Integrated - m.Loudness.Integrated)); d > Agreement {
		t.Errorf("by the blocks it is %.2f LU off", d)
	}
	ebu(t, path, m.Loudness)
	inOrder(t, m, path)
	plain := before(t, m)
	got := plays(t, path, tl.Channels)
	if len(got) != len(plain) || int64(len(plain)) != tl.Frames*int64(tl.Channels) {
		t.Fatalf("%d samples play, %d were mastered, the timeline has %d", len(got), len(plain), tl.Frames*int64(tl.Channels))
	}
	lag(t, plain, got, tl.Channels)
	unbroken(t, m, plain, got)
	compare(t, m, plain, got, all, part)
}

// figures are those of ffmpeg's ebur128 in its summary.
var figures = regexp.MustCompile(`(?s)I: +(-?[0-9.]+) LUFS.*LRA: +([0-9.]+) LU.*Peak: +(-?[0-9.]+) dBFS`)

// ebu has ffmpeg measure a file, one channel as heard on two loudspeakers.
func ebu(t *testing.T, path string, ours podcast.Loudness) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=dualmono=true:peak=true:framelog=verbose", "-f", "null", "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := figures.FindSubmatch(out)
	if said == nil {
		t.Fatalf("ffmpeg says\n%s", out)
	}
	for i, f := range []struct {
		name string
		ours float64
	}{{"integrated", float64(ours.Integrated)}, {"range", ours.Range}, {"true peak", float64(ours.TruePeak)}} {
		theirs, err := strconv.ParseFloat(string(said[i+1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.2f, ffmpeg's ebur128 has %.1f", f.name, f.ours, theirs)
		// It rounds to tenths.
		if d := math.Abs(f.ours - theirs); d > 0.1+0.05 {
			t.Errorf("%s: %.2f, ffmpeg's ebur128 has %.1f", f.name, f.ours, theirs)
		}
	}
}

// inOrder wants as many MPEG frames as the timeline has and the one that ends
// the stream. That none is in another's place is seen by what plays: see lag.
func inOrder(t *testing.T, m *Master, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := mp3.Frames(mp3.WithoutInfo(b))
	if want := int(m.Frames/mp3.FrameSize) + 1; err != nil || n != want {
		t.Errorf("%d MPEG frames behind the Info frame, want %d (%v)", n, want, err)
	}
}

// lag wants every tenth second to play where it was mastered.
func lag(t *testing.T, want, got []float32, channels int) {
	t.Helper()
	const span, reach = 8192, 1300 // more than an MPEG frame
	for at := reach; at+span+reach < len(want)/channels; at += 441000 {
		sound := 0.0
		for i := range span {
			w := float64(want[(at+i)*channels])
			sound += w * w
		}
		// noise is the energy of the difference d samples away, or some of it
		// that is more than most.
		noise := func(d int, most float64) (sum float64) {
			for i := 0; i < span && sum <= most; i++ {
				e := float64(want[(at+i)*channels]) - float64(got[(at+i+d)*channels])
				sum += e * e
			}
			return sum
		}
		best, least := 0, noise(0, math.Inf(1))
		for d := -reach; d <= reach; d++ {
			if n := noise(d, least); n < least {
				best, least = d, n
			}
		}
		if best != 0 && decibels(sound/span) > -60 {
			t.Errorf("at %.1f s the file plays %d samples late", float64(at)/44100, best)
		}
	}
}

// step is the most that anything may jump by at a joint: −60 dBFS.
const step = 0.001

// unbroken wants each joint in sound to be as if there were none: what is
// mastered there is what one limiter over both blocks and the ones around them
// gives, and what the sound before coding and the file jump by differs by less
// than a step. At a joint in silence the file is silent.
func unbroken(t *testing.T, m *Master, plain, got []float32) {
	t.Helper()
	ch := m.as.tl.Channels
	limited := 0
	for i := range m.as.blocks {
		b := &m.as.blocks[i]
		if b.to == m.Frames {
			break
		}
		at := int(b.to)
		if b.behind == 0 {
			for k := (at - 64) * ch; k < (at+64)*ch; k++ {
				if math.Abs(float64(got[k])) > step {
					t.Errorf("joint %d at %.2f s in silence: a sample of %g", i, float64(at)/float64(m.as.tl.Rate), got[k])
					break
				}
			}
			continue
		}
		// The same limiter over both blocks: the joint lies in the middle of its
		// stretch, where its ceiling does not move.
		ceiling, err := m.as.ceilingAt(t.Context(), b.to)
		if err != nil {
			t.Fatal(err)
		}
		const reach = around * mix.Grid
		from := b.to - reach
		samples, err := m.as.sounds.render(t.Context(), m.as.tl, m.as.sounding(from, b.to+reach), from, b.to+reach, m.as.gain)
		if err != nil {
			t.Fatal(err)
		}
		sources := slices.Clone(samples)
		if err := fill(audio.Limit(audio.Samples(m.as.format(), samples), *ceiling), samples); err != nil {
			t.Fatal(err)
		}
		for k := (reach - 2*mix.Grid) * ch; k < (reach+2*mix.Grid)*ch; k++ {
			if samples[k] != sources[k] {
				limited++
				break
			}
		}
		most := 0.0
		for k := -2 * mix.Grid * ch; k < 2*mix.Grid*ch; k++ {
			most = max(most, math.Abs(float64(plain[at*ch+k]-samples[reach*ch+k])))
		}
		if most > step/10 {
			t.Errorf("joint %d at %.2f s: %.5f from what one limiter over both sides gives", i, float64(at)/float64(m.as.tl.Rate), most)
		}
		for c := range ch {
			k := at*ch + c
			before, coded := plain[k]-plain[k-ch], got[k]-got[k-ch]
			// The noise of coding moves, too: as much as it does around the joint.
			usual := 0.0
			for n := -600; n < 600; n++ {
				x := k + n*ch
				if n != 0 {
					usual = max(usual, math.Abs(float64((plain[x]-plain[x-ch])-(got[x]-got[x-ch]))))
				}
			}
			if jump := math.Abs(float64(before - coded)); jump > max(step, usual) {
				t.Errorf("joint %d at %.2f s: the file steps by %.4f more than the sound before coding (elsewhere %.4f)", i, float64(at)/float64(m.as.tl.Rate), jump, usual)
			}
		}
	}
	t.Logf("the limiter works at %d joints in sound", limited)
}

// compare holds the file against one encoder over all of it, second by second.
func compare(t *testing.T, m *Master, plain, got []float32, all, part float64) {
	t.Helper()
	tl := m.as.tl
	once := inOnePiece(t, m.as.coder, m.stream, plain)
	if len(once) != len(plain) {
		t.Fatalf("in one piece %d samples play of %d", len(once), len(plain))
	}
	signal, noise := apart(plain, got)
	_, least := apart(plain, once)
	t.Logf("%d blocks; SNR %.2f dB in blocks, %.2f dB in one piece", m.Blocks, decibels(signal/noise), decibels(signal/least))
	if worse := decibels(noise / least); worse > all {
		t.Errorf("in blocks the noise is %.2f dB more than in one piece", worse)
	}
	second := tl.Rate * tl.Channels
	seconds, bad := 0, 0
	for at := 0; at+second <= len(plain); at += second {
		s, n := apart(plain[at:at+second], got[at:at+second])
		_, l := apart(plain[at:at+second], once[at:at+second])
		if decibels(s/float64(second)) < -60 {
			continue
		}
		seconds++
		if worse := decibels(n / l); worse > 3 {
			noise := decibels(n / float64(second))
			bad++
			t.Logf("second %d: %.1f dB worse in blocks (SNR %.1f dB, noise at %.1f dBFS)%s", at/second, worse, decibels(s/n), noise, cause(m, int64(at/tl.Channels)))
		}
	}
	if bad > int(math.Ceil(part*float64(seconds))) {
		t.Errorf("%d of %d seconds are more than 3 dB worse in blocks", bad, seconds)
	}
}

// cause is which block begins in the second from a frame on, or ended in the one before.
func cause(m *Master, at int64) string {
	rate := int64(m.as.tl.Rate)
	for i := range m.as.blocks {
		if d := m.as.blocks[i].from - at; d > -rate && d < rate {
			return fmt.Sprintf(": block %d begins at %.2f s, with a fresh encoder", i, float64(m.as.blocks[i].from)/float64(rate))
		}
	}
	return ": no block begins near it"
}
