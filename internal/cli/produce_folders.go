package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// folders takes the folders out of the inputs: those of the episodes in them,
// to be made again from stored takes.
func (o *produceOptions) folders() (episodes []string, err error) {
	var rest []string
	for _, in := range o.Inputs {
		info, err := os.Stat(in)
		if err != nil || !info.IsDir() {
			if o.Offline && pipeline.IsURL(in) {
				return nil, misuse("--offline asks nobody for anything, but %s is an address", in)
			}
			rest = append(rest, in)
			continue
		}
		found := episodesIn(in)
		switch {
		case len(found) > 0 && !o.Offline:
			return nil, misuse("%s holds finished episodes: --offline makes them again from stored takes; to speak anew, name the texts", in)
		case len(found) == 0 && o.Offline:
			return nil, misuse("%s holds no episode: there is no %s in it or in the folders below it", in, publish.ManifestName)
		case len(found) == 0:
			rest = append(rest, in) // told of with the other inputs
		}
		episodes = append(episodes, found...)
	}
	episodes = eachOnce(episodes)
	o.Inputs = rest
	if len(episodes) == 0 {
		return nil, nil
	}
	for _, f := range []struct {
		given bool
		name  string
	}{
		{o.Title != "", "--title"},
		{o.Type != "", "--type"},
		{o.Out != "", "--out"},
		{o.Sample != 0, "--sample"},
		{o.Chapter != 0, "--chapter"},
	} {
		if f.given {
			return nil, misuse("%s is for texts: an episode's folder is made again where it is, and as it was spoken", f.name)
		}
	}
	return episodes, nil
}

// eachOnce leaves out the folders that were named before, in whatever words: one
// cannot be made twice at the same time.
func eachOnce(dirs []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		real, err := filepath.EvalSymlinks(dir)
		if err == nil {
			real, err = filepath.Abs(real)
		}
		if err != nil {
			return false // what is wrong with it is said when it is made
		}
		again := seen[real]
		seen[real] = true
		return again
	})
}

// episodesIn are the episodes' folders that a folder is or holds.
func episodesIn(dir string) []string {
	whole := func(dir string) bool {
		info, err := os.Stat(filepath.Join(dir, publish.ManifestName))
		return err == nil && info.Mode().IsRegular()
	}
	if whole(dir) {
		return []string{dir}
	}
	entries, err := os.ReadDir(dir) // in order of name
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if sub := filepath.Join(dir, e.Name()); !strings.HasPrefix(e.Name(), ".") && whole(sub) {
			out = append(out, sub)
		}
	}
	return out
}

// restitch makes episodes again from their folders, one a core at a time, each
// apart from the others.
func (b *batch) restitch(ctx context.Context, dirs []string) {
	cores := runtime.GOMAXPROCS(0)
	at := min(len(dirs), cores)
	r := pipeline.Restitching{Fresh: b.opts.Fresh, DryRun: b.opts.DryRun, Workers: max(1, cores/max(1, at))}
	var mu sync.Mutex
	observe := b.display.observe
	title := fmt.Sprintf("%d episodes", len(dirs))
	if len(dirs) == 1 {
		title = dirs[0]
	} else {
		observe = nil // several at once: only how many are done is shown
	}
	ends := make([]*outcome, len(dirs))
	began := time.Now()
	b.display.begin(title, 1, 1)
	next := make(chan int)
	var wg sync.WaitGroup
	done := 0
	for range at {
		wg.Go(func() {
			for i := range next {
				out := b.restitched(ctx, dirs[i], r, observe, &mu)
				mu.Lock()
				ends[i] = &out
				done++
				if len(dirs) > 1 {
					b.display.observe(pipeline.Event{Stage: pipeline.Master, Count: done, Total: len(dirs), Elapsed: time.Since(began)})
				}
				mu.Unlock()
			}
		})
	}
	for i := range dirs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	b.display.end()
	for _, out := range ends {
		if out == nil {
			b.report.Totals.Left++
			b.report.Interrupted = true
			continue
		}
		b.report.add(*out)
		b.tell(*out)
	}
}

func (b *batch) restitched(ctx context.Context, dir string, r pipeline.Restitching, observe func(pipeline.Event), mu *sync.Mutex) outcome {
	began := time.Now()
	out := outcome{Source: dir, Priced: true}
	mu.Lock()
	cfg, err := b.shows.config(ctx, dir)
	mu.Unlock()
	if err == nil {
		r.Dir = dir
		var res *pipeline.Result
		res, err = pipeline.Restitch(ctx, cfg, r, pipeline.Options{
			Version: programVersion(), Log: b.opts.logger(b.streams), Observe: observe,
		})
		out.produced(res)
		out.Dir = b.streams.short(out.Dir) // it may be that of the working folder
		for i, file := range out.Files {
			out.Files[i] = b.streams.short(file)
		}
		if err == nil && r.DryRun && !res.Unchanged {
			out.Status = statusPlanned
		}
	}
	b.judge(ctx, &out, began, err)
	return out
}
