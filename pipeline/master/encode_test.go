package master

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// everything is all formats with their defaults.
func everything() Formats {
	f := Formats{M4A: &AAC{}, M4B: &AAC{}, Opus: &Opus{}, FLAC: &PCM{}, WAV: &PCM{}}
	f.Fill()
	return f
}

func into(dir string) func(Format) string {
	return func(f Format) string { return filepath.Join(dir, "a."+f.Name) }
}

// played decodes a file.
func played(t *testing.T, path string) (audio.Format, []float32) {
	t.Helper()
	d, err := audio.DecodeFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var out []float32
	buf := make([]float32, 1<<14)
	for {
		n, err := d.ReadSamples(buf)
		out = append(out, buf[:n]...)
		if err != nil {
			return d.Format(), out
		}
	}
}

// TestEncodeReachesItsTargets listens to each file as it is decoded.
func TestEncodeReachesItsTargets(t *testing.T) {
	t.Parallel()
	mono, swapped := everything(), everything()
	mono.M4B = nil // as an M4A is, but for its name
	swapped.M4A.Channels, swapped.Opus.Channels, swapped.WAV.Channels = "mono", "mono", "mono"
	swapped.M4B.Rate, swapped.WAV.Rate, swapped.FLAC.Bits = 48000, 48000, 24
	for name, tc := range map[string]struct {
		channels int
		formats  Formats
	}{
		"mono":             {1, mono},
		"stereo, changed":  {2, swapped},
		"few bits a frame": {2, Formats{M4A: &AAC{Bitrate: 24}, Opus: &Opus{Bitrate: 16}}},
	} {
		if name == "stereo, changed" && !*every {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tl, takes := talk(t, 6, tc.channels)
			m, err := Make(t.Context(), tl, takes, options(t), nil)
			if err != nil {
				t.Fatal(err)
			}
			var done int64
			files, err := m.Encode(t.Context(), tc.formats.Others(), into(t.TempDir()), func(n, total int64) { done = total - n })
			if err != nil {
				t.Fatal(err)
			}
			if done != 0 {
				t.Errorf("progress ended %d frames before the end", done)
			}
			for _, e := range files {
				heard, err := Listen(t.Context(), e.Path)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s: %v, %v, made %d times", e.Format.Name, heard.Integrated, heard.TruePeak, e.Tries)
				slack := loudnessSlack
				if e.Format.exact(format(tl)) {
					slack = Tolerance + 0.05 // the MP3's, and how little it is off the master
				}
				if off := math.Abs(float64(heard.Integrated + 16)); off > slack || e.Off {
					t.Errorf("%s: %v integrated, want −16 ± %.2f", e.Format.Name, heard.Integrated, slack)
				}
				if heard.TruePeak > -1+peakSlack {
					t.Errorf("%s: true peak %v", e.Format.Name, heard.TruePeak)
				}
				shape, s := played(t, e.Path)
				if shape != (audio.Format{Rate: e.Rate, Channels: e.Channels}) {
					t.Errorf("%s: %v, want %d Hz and %d channels", e.Format.Name, shape, e.Rate, e.Channels)
				}
				frames, most := int64(len(s)/shape.Channels), e.Frames
				if e.Format.Encoder == "aac" {
					most += 1023 // ffmpeg 5.1 plays the last packet to its end
				}
				if frames < e.Frames || frames > most {
					t.Errorf("%s: %d frames play, want %d", e.Format.Name, frames, e.Frames)
				}
			}
		})
	}
}

// TestEncodeIsRepeatable makes the same files twice, some of them with a gain
// and a limiter that were found by listening.
func TestEncodeIsRepeatable(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 4, 2)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	formats := everything()
	formats.M4B = nil
	if !*every {
		formats.FLAC, formats.WAV = nil, nil // exact ones need neither a gain nor a limiter
	}
	var bytes [2][]string
	for i := range bytes {
		files, err := m.Encode(t.Context(), formats.Others(), into(t.TempDir()), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range files {
			b, err := os.ReadFile(e.Path)
			if err != nil {
				t.Fatal(err)
			}
			bytes[i] = append(bytes[i], string(b))
		}
	}
	for i, f := range formats.Others() {
		if bytes[0][i] != bytes[1][i] {
			t.Errorf("%s: the same master gave other bytes", f.Name)
		}
	}
}

// TestEncodeLossless has the master's own samples in FLAC and WAV.
func TestEncodeLossless(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 4, 2)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	if err := m.Samples(t.Context(), func(s []float32) error { want = append(want, s...); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, bits := range []int{16, 24} {
		t.Run(fmt.Sprint(bits), func(t *testing.T) {
			t.Parallel()
			formats := Formats{FLAC: &PCM{Bits: bits}, WAV: &PCM{Bits: bits}}
			files, err := m.Encode(t.Context(), formats.Others(), into(t.TempDir()), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range files {
				_, got := played(t, e.Path)
				if len(got) != len(want) {
					t.Fatalf("%s: %d samples, want %d", e.Format.Name, len(got), len(want))
				}
				step := 0.51 // half of one, as it is rounded
				if bits == 24 {
					step = 1.01 // ffmpeg leaves out the bits below
				}
				most := float32(step / float64(int(1)<<(bits-1)))
				for i, v := range want {
					if d := got[i] - v; d > most || d < -most {
						t.Fatalf("%s: sample %d is %g, want %g", e.Format.Name, i, got[i], v)
					}
				}
			}
		})
	}
}

// wide is a talk in stereo whose right side is the left one, times right.
func wide(t *testing.T, right float64) (*mix.Timeline, files) {
	t.Helper()
	tl, takes := talk(t, 6, 1)
	tl.Channels = 2
	for key, b := range takes {
		d, err := audio.Decode(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		var s []float64
		buf := make([]float32, 4096)
		for n, err := d.ReadSamples(buf); err == nil; n, err = d.ReadSamples(buf) {
			for _, v := range buf[:n] {
				s = append(s, float64(v), right*float64(v))
			}
		}
		takes[key] = wav(t, d.Format().Rate, 2, s)
	}
	return heard(t, tl, takes), takes
}

// TestEncodeRefusesSilence has a master whose sides cancel each other in mono.
func TestEncodeRefusesSilence(t *testing.T) {
	t.Parallel()
	tl, takes := wide(t, -1)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Encode(t.Context(), Formats{FLAC: &PCM{Channels: "mono"}}.Others(), into(t.TempDir()), nil)
	if err == nil || !strings.Contains(err.Error(), "flac, mono: ") || !strings.Contains(err.Error(), "silent") {
		t.Errorf("error %v, want one that says the mono file is silent", err)
	}
}

// TestEncodeCorrects has a master whose sides are quieter together than apart.
func TestEncodeCorrects(t *testing.T) {
	t.Parallel()
	tl, takes := wide(t, -0.5)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := Formats{Opus: &Opus{Channels: "mono"}, WAV: &PCM{Channels: "mono"}}
	files, err := m.Encode(t.Context(), f.Others(), into(t.TempDir()), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range files {
		if e.Tries < 2 {
			t.Errorf("%s was made once, and must have been too quiet", e.Format.Name)
		}
		if off := math.Abs(float64(e.Loudness.Integrated + 16)); off > loudnessSlack || e.Loudness.TruePeak > -1+peakSlack {
			t.Errorf("%s: %v, true peak %v after %d tries", e.Format.Name, e.Loudness.Integrated, e.Loudness.TruePeak, e.Tries)
		}
	}
}

func TestEncodeFails(t *testing.T) {
	t.Parallel()
	tl, takes := talk(t, 4, 1)
	m, err := Make(t.Context(), tl, takes, options(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "no", "folder")
	if _, err := m.Encode(t.Context(), everything().Others(), into(missing), nil); err == nil || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("error %v, want that of the folder", err)
	}
}
