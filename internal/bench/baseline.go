package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What people do without this program: the usual recipes, to mono at 44.1 kHz
// and 96 kb/s.

// loudnorm has the target of this program.
const loudnorm = "loudnorm=I=-16:TP=-1:LRA=11:dual_mono=true"

// measured adds up the commands of a recipe.
type measured struct {
	ctx context.Context
	dir string // for what lies between its steps
	sum cost
	err error
}

// do runs the next step, and gives what it wrote to its standard error.
func (m *measured) do(argv ...string) string {
	if m.err != nil {
		return ""
	}
	got, _, stderr, err := run(m.ctx, command{argv: argv, dir: m.dir})
	m.sum.add(got)
	m.err = err
	return stderr
}

func (m *measured) ffmpeg(args ...string) {
	m.do(append([]string{"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-y", "-v", "error"}, args...)...)
}

// recipe begins one, in an empty folder.
func (b *bench) recipe(ctx context.Context) (*measured, error) {
	dir, err := b.empty("recipe")
	return &measured{ctx: ctx, dir: dir}, err
}

// parts makes what a recipe joins beside the takes, in one format as it must
// be: music, and a silence for each pause.
func (m *measured) parts(b *bench, takes []take, tool func(in, out string), silence func(ms int, out string)) []string {
	tool(b.fixture.intro(), "intro.wav")
	tool(b.fixture.credits(), "credits.wav")
	made := map[int]bool{}
	files := []string{filepath.Join(m.dir, "intro.wav")}
	for _, t := range takes {
		name := fmt.Sprintf("pause%d.wav", t.Pause)
		if !made[t.Pause] {
			silence(t.Pause, name)
			made[t.Pause] = true
		}
		files = append(files, t.file, filepath.Join(m.dir, name))
	}
	return append(files, filepath.Join(m.dir, "credits.wav"))
}

// ffmpeg joins and encodes: mode is none, one (loudnorm as it goes) or two
// (loudnorm measures, then applies a steady gain).
func (b *bench) ffmpeg(ctx context.Context, takes []take, mode, out string) (cost, error) {
	m, err := b.recipe(ctx)
	if err != nil {
		return cost{}, err
	}
	files := m.parts(b, takes,
		func(in, out string) {
			m.ffmpeg("-i", in, "-ac", "1", "-ar", fmt.Sprint(takeRate), "-c:a", "pcm_s16le", out)
		},
		func(ms int, out string) {
			m.ffmpeg("-f", "lavfi", "-i", fmt.Sprintf("anullsrc=r=%d:cl=mono", takeRate), "-t", fmt.Sprintf("%dms", ms), "-c:a", "pcm_s16le", out)
		})
	list := filepath.Join(m.dir, "list.txt")
	if err := os.WriteFile(list, []byte("ffconcat version 1.0\nfile "+strings.Join(files, "\nfile ")+"\n"), 0o644); err != nil {
		return cost{}, err
	}
	args := []string{"-f", "concat", "-safe", "0", "-i", list}
	switch mode {
	case "one":
		args = append(args, "-af", loudnorm)
	case "two":
		said := m.do(append([]string{"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-v", "info"},
			append(args[:len(args):len(args)], "-af", loudnorm+":print_format=json", "-f", "null", "-")...)...)
		if m.err != nil {
			return cost{}, m.err
		}
		known, err := parseLoudnorm(said)
		if err != nil {
			return cost{}, err
		}
		args = append(args, "-af", loudnorm+known+":linear=true")
	}
	m.ffmpeg(append(args, "-ar", "44100", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "96k", out)...)
	return m.sum, m.err
}

// parseLoudnorm is the second pass's options out of what the first one said.
func parseLoudnorm(said string) (string, error) {
	var v struct {
		I      string `json:"input_i"`
		TP     string `json:"input_tp"`
		LRA    string `json:"input_lra"`
		Thresh string `json:"input_thresh"`
		Offset string `json:"target_offset"`
	}
	from := strings.LastIndex(said, "{")
	if from < 0 {
		return "", fmt.Errorf("loudnorm measured nothing: %s", tail(said))
	}
	if err := json.NewDecoder(strings.NewReader(said[from:])).Decode(&v); err != nil {
		return "", fmt.Errorf("what loudnorm measured: %w", err)
	}
	return fmt.Sprintf(":measured_I=%s:measured_TP=%s:measured_LRA=%s:measured_thresh=%s:offset=%s", v.I, v.TP, v.LRA, v.Thresh, v.Offset), nil
}

// sox joins with SoX, and encodes with ffmpeg; without normalising.
func (b *bench) sox(ctx context.Context, takes []take, out string) (cost, error) {
	m, err := b.recipe(ctx)
	if err != nil {
		return cost{}, err
	}
	rate := fmt.Sprint(takeRate)
	files := m.parts(b, takes,
		// SoX reads MP3 only with a package of its own.
		func(in, out string) { m.ffmpeg("-i", in, "-ac", "1", "-ar", rate, "-c:a", "pcm_s16le", out) },
		func(ms int, out string) {
			m.do("sox", "-n", "-r", rate, "-c", "1", "-b", "16", out, "trim", "0", fmt.Sprintf("%.3f", float64(ms)/1000))
		})
	// The shell's cost is that of both ends of the pipe.
	argv := append([]string{"sh", "-c", `out=$1; shift; sox -R "$@" -t wav - rate 44100 | ffmpeg -nostdin -y -v error -i - -c:a libmp3lame -b:a 96k "$out"`, "sh", out}, files...)
	m.do(argv...)
	return m.sum, m.err
}

// pydub is the loop of its documentation; without normalising.
func (b *bench) pydub(ctx context.Context, takes []take, out string) (cost, error) {
	m, err := b.recipe(ctx)
	if err != nil {
		return cost{}, err
	}
	list := filepath.Join(m.dir, "list.txt")
	if err := writeList(list, takes); err != nil {
		return cost{}, err
	}
	m.do("python3", "-c", pydubLoop, list, b.fixture.intro(), b.fixture.credits(), out)
	return m.sum, m.err
}

const pydubLoop = `
import sys
from pydub import AudioSegment
listed, intro, credits, out = sys.argv[1:]
music = lambda f: AudioSegment.from_mp3(f).set_channels(1).set_frame_rate(44100)
episode = music(intro)
for line in open(listed):
    file, pause = line.rstrip("\n").split("\t")[:2]
    ms = int(float(pause[:-2])) if pause.endswith("ms") else int(float(pause[:-1]) * 1000)
    episode += AudioSegment.from_wav(file).set_frame_rate(44100)
    episode += AudioSegment.silent(ms, frame_rate=44100)
episode += music(credits)
episode.export(out, format="mp3", bitrate="96k")
`

// hasPydub says whether pydub is installed.
func hasPydub(ctx context.Context) bool {
	_, _, _, err := run(ctx, command{argv: []string{"python3", "-c", "import pydub"}})
	return err == nil
}
