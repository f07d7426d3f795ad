package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/narrapress/narrapress/config"
	batches "github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// queueAddress is where a show's jobs are.
func queueAddress(cfg *config.Config) string {
	if a := cfg.Server.Database.Reveal(); a != "" {
		return a
	}
	return filepath.Join(batches.ReportDir(cfg), "queue.db")
}

// openQueue opens the queue of a show.
func openQueue(ctx context.Context, cfg *config.Config, g *globals, s Streams, readOnly bool) (*queue.Queue, error) {
	q, err := queue.Open(ctx, queueAddress(cfg), queue.Options{Log: g.logger(s), ReadOnly: readOnly, About: batches.About})
	if locked := new(queue.LockedError); errors.As(err, &locked) {
		return nil, fmt.Errorf("%s makes episodes of this show already: wait for it to end, look on with 'narrapress batch status', or let several work together on a PostgreSQL (server.database)",
			cmp.Or(locked.Holder, "another narrapress"))
	}
	return q, err
}

// jobsOf is how many episodes a process makes at a time.
func jobsOf(flag int, cfg *config.Config) int {
	return cmp.Or(flag, cfg.Server.Jobs, 2*runtime.NumCPU())
}

// batchTarget is a job or a run that a command line names.
type batchTarget struct {
	job int64
	run string
}

// targets reads what a command line names: numbers are jobs, the rest is runs.
func targets(args []string) []batchTarget {
	out := make([]batchTarget, 0, len(args))
	for _, a := range args {
		var t batchTarget
		if _, err := fmt.Sscanf(a, "%d", &t.job); err != nil || fmt.Sprint(t.job) != strings.TrimSpace(a) {
			t = batchTarget{run: a}
		}
		out = append(out, t)
	}
	return out
}
