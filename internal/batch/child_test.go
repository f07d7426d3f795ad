//go:build unix

package batch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// childEnv tells the test binary that it is a worker's process.
const childEnv = "NARRAPRESS_BATCH_CHILD"

// task is what a child does: it serves a show until it is killed or interrupted.
type task struct {
	Show     string // its file
	Database string
	Jobs     int
	Ahead    time.Duration // of the scheduler's clock
}

func child(text string) int {
	if err := serve(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func serve(text string) error {
	var t task
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := config.Load(ctx, config.Sources{File: t.Show})
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	q, err := queue.Open(ctx, t.Database, queue.Options{Log: log, Backoff: func(error, int) time.Duration { return 50 * time.Millisecond }})
	if err != nil {
		return err
	}
	defer q.Close()
	b := batch.New(q, batch.Options{Log: log, Stay: true, Now: func() time.Time { return time.Now().Add(t.Ahead) }})
	if err := b.Take(ctx, cfg); err != nil {
		return err
	}
	scheduled := make(chan error, 1)
	go func() { scheduled <- b.Schedule(ctx) }()
	if err := b.Work(ctx, batch.WorkOptions{Jobs: t.Jobs, Grace: time.Second}); err != nil {
		return err
	}
	return <-scheduled
}

// process is a child that runs.
type process struct {
	*exec.Cmd
	said  bytes.Buffer
	ended chan struct{}
}

func spawn(t *testing.T, c task) *process {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(self), ended: make(chan struct{})}
	p.Env = append(os.Environ(), childEnv+"="+string(b))
	p.Stdout, p.Stderr = &p.said, &p.said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() || testing.Verbose() {
			t.Logf("process %d:\n%s", p.Process.Pid, last(p.said.String(), 4000))
		}
	})
	return p
}

// kill ends a process at once, and waits for its end.
func (p *process) kill() {
	_ = p.Process.Signal(syscall.SIGKILL)
	<-p.ended
}

func last(s string, n int) string { return s[max(0, len(s)-n):] }

// look looks on, and is false while the database is away.
func look(t *testing.T, address string, f func(ctx context.Context, q *queue.Queue) error) bool {
	t.Helper()
	q, err := queue.Open(t.Context(), address, queue.Options{ReadOnly: true})
	if err != nil {
		return false
	}
	defer q.Close()
	return f(t.Context(), q) == nil
}
