package main

import (
	"context"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
)

// execute runs a test program in its package's folder, as `go test` does, with a
// folder of its own for temporary files, and gives the end of what it said. It and
// what it began are killed after the limit; what it began and left holds nobody up.
func (g *gardener) execute(ctx context.Context, p *pkg, limit time.Duration, program string, args ...string) ([]byte, error) {
	folder, err := os.MkdirTemp(g.scratch, "run")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := bounded(ctx, program, args...)
	cmd.Dir = p.Dir
	cmd.Env = append(os.Environ(), "TMPDIR="+folder, "TMP="+folder, "PWD="+p.Dir)
	cmd.WaitDelay = 2 * time.Second
	said := &tail{most: 1 << 20}
	cmd.Stdout, cmd.Stderr = said, said
	err = cmd.Run()
	return said.kept, err
}

// tail keeps the end of what is written to it.
type tail struct {
	most int
	kept []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if len(t.kept) > 2*t.most {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-t.most:]...)
	}
	return len(b), nil
}

// each does something for every one of a list, jobs at once, until the first error,
// which it returns.
func each[T any](ctx context.Context, jobs int, list []T, do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(jobs)
	for _, v := range list {
		g.Go(func() error {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			return do(ctx, v)
		})
	}
	return g.Wait()
}
