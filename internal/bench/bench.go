package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// bench is one run of this program.
type bench struct {
	module  string // folder of go.mod
	dir     string // everything is made below it
	log     io.Writer
	n       int // measurements of each; 0 is what the row is used to
	minutes int // length of every row; 0 is its own

	fixture *fixture
	bin     string // the program
	results *results
	load    float64 // when the row began
}

// build makes the program as it is given out.
func (b *bench) build(ctx context.Context, name string, args ...string) (string, error) {
	out := filepath.Join(b.dir, name)
	argv := append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", out}, args...)
	cmd := exec.CommandContext(ctx, "go", append(argv, "./cmd/narrapress")...)
	cmd.Dir, cmd.Env = b.module, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return out, nil
}

// empty is a folder with nothing in it.
func (b *bench) empty(name string) (string, error) {
	dir := filepath.Join(b.dir, "work", name)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// stitching is a call of narrapress stitch.
type stitching struct {
	bin, list, out, cache string
	more                  []string // flags
	env                   []string
}

func (b *bench) stitch(ctx context.Context, s stitching) (cost, error) {
	argv := []string{s.bin, "stitch", "--quiet", "--list", s.list, "--intro", b.fixture.intro(), "--credits", b.fixture.credits(), "-o", s.out}
	got, _, _, err := run(ctx, command{
		argv: append(argv, s.more...), dir: b.dir,
		env: append([]string{"NARRAPRESS_CACHE=" + s.cache, mono}, s.env...),
	})
	return got, err
}

// mono is what the usual recipes make.
const mono = "NARRAPRESS_AUDIO_FORMATS_MP3_CHANNELS=mono"

// cold stitches for the first time: nothing is in the cache, nor at out.
func (b *bench) cold(ctx context.Context, s stitching) (got cost, err error) {
	if s.bin == "" {
		s.bin = b.bin
	}
	if s.cache, err = b.empty("cache"); err != nil {
		return got, err
	}
	if s.out == "" {
		s.out = b.out("ours.mp3")
	}
	if err := os.RemoveAll(s.out); err != nil {
		return got, err
	}
	return b.stitch(ctx, s)
}

func (b *bench) out(name string) string { return filepath.Join(b.dir, "work", name) }

// list is the fixture of so many minutes and the file that names its takes.
func (b *bench) list(ctx context.Context, minutes int) ([]take, string, error) {
	b.say("%s: the fixture of %d minutes", time.Now().Format(time.TimeOnly), minutes)
	takes, err := b.fixture.takes(ctx, minutes)
	if err != nil {
		return nil, "", fmt.Errorf("fixture of %d minutes: %w", minutes, err)
	}
	list := filepath.Join(b.dir, fmt.Sprintf("list-%d.txt", minutes))
	return takes, list, writeList(list, takes)
}

// record keeps what a row measured.
func (b *bench) record(id string, minutes int, values ...float64) {
	f := figure{ID: id, Minutes: minutes, Values: values, spread: spreadOf(values), When: time.Now().UTC().Truncate(time.Second), Load: b.load}
	b.results.Figures[figureKey(id, minutes)] = f
	b.say("  %s, %d minutes: %.3f (%.3f–%.3f), n = %d", id, minutes, f.Median, f.Min, f.Max, f.N)
}

func (b *bench) recordCosts(id string, minutes int, c costs) {
	b.record(id+" wall", minutes, c.wall()...)
	b.record(id+" cpu", minutes, c.cpu()...)
	b.record(id+" rss", minutes, c.rss()...)
}

// recordRatios of what took longer to what took less, or the other way.
func (b *bench) recordRatios(id string, minutes int, of, to costs) {
	b.record(id+" wall", minutes, ratios(of.wall(), to.wall())...)
	b.record(id+" cpu", minutes, ratios(of.cpu(), to.cpu())...)
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.log, format+"\n", args...) }

// inTurn runs several things one after the other, n times over, so that what
// the machine does beside hits all of them alike.
func (b *bench) inTurn(n int, what ...func() (cost, error)) ([]costs, error) {
	out := make([]costs, len(what))
	for range n {
		for i := range what {
			c, err := what[i]()
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], c)
		}
	}
	return out, nil
}

// times is how often a row measures.
func (b *bench) times(usual int) int {
	if b.n > 0 {
		return b.n
	}
	return usual
}
