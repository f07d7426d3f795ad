package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// row is a group of figures that are measured together.
type row struct {
	name    string
	does    string
	minutes []int // usual lengths
	n       func(minutes int) int
	run     func(b *bench, ctx context.Context, minutes, n int) error
}

// unavailable is why a row cannot be run on this machine.
type unavailable string

func (u unavailable) Error() string { return string(u) }

func rows() []row {
	five := func(minutes int) int {
		if minutes > 20 {
			return 3
		}
		return 5
	}
	once := func(int) int { return 1 }
	return []row{
		{"cold", "the first time, beside ffmpeg in two passes and ffmpeg without normalising", []int{10, 60}, five, (*bench).rowCold},
		{"edit", "one sentence edited, beside writing as many bytes", []int{60, 600}, func(int) int { return 5 }, (*bench).rowEdit},
		{"after", "from the last take to the finished episode", []int{60}, five, (*bench).rowAfter},
		{"gain", "the gain in the decoded MP3, off what was asked", []int{10}, once, (*bench).rowGain},
		{"workers", "one worker and more", []int{60}, five, (*bench).rowWorkers},
		{"bed", "with a bed under everything", []int{10}, five, (*bench).rowBed},
		{"nolame", "encoded by ffmpeg, for want of libmp3lame", []int{10}, five, (*bench).rowNoLame},
		{"others", "ffmpeg in one pass, pydub, SoX", []int{10}, once3, (*bench).rowOthers},
		{"length", "points of the picture: 10, 20, 40, 60 minutes", []int{10, 20, 40, 60}, once, (*bench).rowLength},
	}
}

func once3(int) int { return 3 }

// measure runs the rows of these names; all for none.
func (b *bench) measure(ctx context.Context, names []string, after func() error) error {
	for _, r := range rows() {
		if len(names) > 0 && !slices.Contains(names, r.name) {
			continue
		}
		lengths := r.minutes
		if b.minutes > 0 {
			lengths = []int{b.minutes}
		}
		for _, minutes := range lengths {
			b.load = load()
			b.say("%s, %d minutes: %s", r.name, minutes, r.does)
			delete(b.results.Missing, r.name)
			err := r.run(b, ctx, minutes, b.times(r.n(minutes)))
			why := unavailable("")
			switch {
			case errors.As(err, &why):
				b.results.Missing[r.name] = why.Error()
				b.say("  not here: %s", why)
			case err != nil:
				return fmt.Errorf("row %s, %d minutes: %w", r.name, minutes, err)
			}
			// What was measured is not lost where a later row fails.
			if err := after(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) rowCold(ctx context.Context, minutes, n int) error {
	takes, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	got, err := b.inTurn(n,
		func() (cost, error) { return b.cold(ctx, stitching{list: list}) },
		func() (cost, error) { return b.ffmpeg(ctx, takes, "two", b.out("two.mp3")) },
		func() (cost, error) { return b.ffmpeg(ctx, takes, "none", b.out("none.mp3")) })
	if err != nil {
		return err
	}
	ours, two, none := got[0], got[1], got[2]
	b.recordCosts("cold", minutes, ours)
	b.recordCosts("two", minutes, two)
	b.recordCosts("none", minutes, none)
	b.recordRatios("cold two", minutes, two, ours)
	b.recordRatios("cold none", minutes, ours, none)
	if err := b.recordLoudness(ctx, "cold", minutes, b.out("ours.mp3")); err != nil {
		return err
	}
	return b.recordLoudness(ctx, "two", minutes, b.out("two.mp3"))
}

func (b *bench) recordLoudness(ctx context.Context, id string, minutes int, file string) error {
	v, err := loudness(ctx, file)
	if err == nil {
		b.record(id+" loudness", minutes, v)
	}
	return err
}

func (b *bench) rowWorkers(ctx context.Context, minutes, n int) error {
	most := min(runtime.NumCPU(), 8)
	if most < 2 {
		return unavailable("this machine has one core")
	}
	_, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	var what []func() (cost, error)
	for w := range most {
		what = append(what, func() (cost, error) {
			return b.cold(ctx, stitching{list: list, more: []string{"--workers", fmt.Sprint(w + 1)}})
		})
	}
	got, err := b.inTurn(n, what...)
	if err != nil {
		return err
	}
	b.recordRatios("workers", minutes, got[0], got[1])
	for w, c := range got {
		b.point("workers", minutes, w+1, c)
	}
	return nil
}

func (b *bench) point(series string, minutes, workers int, c costs) {
	b.results.addPoint(point{series, minutes, workers, spreadOf(c.wall()).Median, spreadOf(c.cpu()).Median})
}

// The series of the picture.
const (
	seriesOurs = "narrapress"
	seriesEdit = "narrapress, one sentence edited"
	seriesTwo  = "ffmpeg, two passes"
	seriesNone = "ffmpeg, loudness not normalised"
)

func (b *bench) rowLength(ctx context.Context, minutes, n int) error {
	takes, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	time.Sleep(settled)
	key := 0 // each edit is another one
	got, err := b.inTurn(n,
		func() (cost, error) { return b.cold(ctx, stitching{list: list}) },
		func() (cost, error) {
			edited, err := b.edited(takes, key)
			if err != nil {
				return cost{}, err
			}
			key++
			return b.stitch(ctx, stitching{bin: b.bin, list: edited, out: b.out("ours.mp3"), cache: filepath.Join(b.dir, "work", "cache")})
		},
		func() (cost, error) { return b.ffmpeg(ctx, takes, "two", b.out("two.mp3")) },
		func() (cost, error) { return b.ffmpeg(ctx, takes, "none", b.out("none.mp3")) })
	if err != nil {
		return err
	}
	for i, series := range []string{seriesOurs, seriesEdit, seriesTwo, seriesNone} {
		b.point(series, minutes, 0, got[i])
	}
	return nil
}

func (b *bench) rowBed(ctx context.Context, minutes, n int) error {
	_, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	got, err := b.inTurn(n,
		func() (cost, error) {
			return b.cold(ctx, stitching{list: list, out: b.out("bed.mp3"), env: []string{"NARRAPRESS_TRACKS_BED_FILE=" + b.fixture.credits()}})
		},
		func() (cost, error) { return b.cold(ctx, stitching{list: list}) })
	if err != nil {
		return err
	}
	b.recordRatios("bed", minutes, got[0], got[1])
	return nil
}

func (b *bench) rowNoLame(ctx context.Context, minutes, n int) error {
	bin, err := b.build(ctx, "narrapress-nolame", "-tags", "nolame")
	if err != nil {
		return err
	}
	_, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	got, err := b.inTurn(n,
		func() (cost, error) {
			return b.cold(ctx, stitching{bin: bin, list: list, out: b.out("nolame.mp3")})
		},
		func() (cost, error) { return b.cold(ctx, stitching{list: list}) })
	if err != nil {
		return err
	}
	b.recordCosts("nolame own", minutes, got[0])
	b.recordRatios("nolame", minutes, got[0], got[1])
	return nil
}

func (b *bench) rowOthers(ctx context.Context, minutes, n int) error {
	takes, list, err := b.list(ctx, minutes)
	if err != nil {
		return err
	}
	names := []string{"one"}
	what := []func() (cost, error){
		func() (cost, error) { return b.cold(ctx, stitching{list: list}) },
		func() (cost, error) { return b.ffmpeg(ctx, takes, "one", b.out("one.mp3")) },
	}
	absent := ""
	if hasPydub(ctx) {
		names = append(names, "pydub")
		what = append(what, func() (cost, error) { return b.pydub(ctx, takes, b.out("pydub.mp3")) })
	} else {
		absent += " pydub"
	}
	if has("sox") {
		names = append(names, "sox")
		what = append(what, func() (cost, error) { return b.sox(ctx, takes, b.out("sox.mp3")) })
	} else {
		absent += " sox"
	}
	got, err := b.inTurn(n, what...)
	if err != nil {
		return err
	}
	for i, name := range names {
		b.recordRatios(name, minutes, got[i+1], got[0])
		b.record(name+" rss", minutes, got[i+1].rss()...)
	}
	if absent != "" {
		return unavailable("not installed:" + absent)
	}
	return nil
}
