//go:build unix

package queue

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childEnv tells the test binary that it is a worker's process.
const childEnv = "NARRAPRESS_QUEUE_CHILD"

// task is what a child does.
type task struct {
	Address     string
	Options     childOptions
	Jobs        int
	Starts      string // a file to which it writes what it starts
	Server      string // asked by each job, under the limits
	Limits      Limits
	OpenAndExit bool
}

type childOptions struct {
	Beat, Stale time.Duration
	MaxCrashes  int
}

// deed is what a job does in a child; it is its payload.
type deed struct {
	Take  time.Duration // before it finishes
	Kill  bool          // its process
	Die   int           // its process, so many times, and gets further each time
	Stop  bool          // its process, before it finishes; the first time
	Asks  int           // of the server, one after the other
	Alike int           // asks at once
}

func child(text string) int {
	var c task
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	q, err := Open(ctx, c.Address, Options{
		Beat: c.Options.Beat, Stale: c.Options.Stale, MaxCrashes: c.Options.MaxCrashes,
		Backoff: func(error, int) time.Duration { return 0 },
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if c.OpenAndExit {
		return 0
	}
	limiter := q.NewLimiter(map[string]Limits{"endpoint": c.Limits})
	err = q.Work(ctx, WorkOptions{Jobs: c.Jobs, Grace: 10 * time.Second}, func(ctx context.Context, j *Job) error {
		return c.do(ctx, j, limiter)
	})
	limiter.Close()
	if err := q.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (c *task) do(ctx context.Context, j *Job, limiter *Limiter) error {
	var d deed
	if err := json.Unmarshal(j.Payload, &d); err != nil {
		return Permanent(err)
	}
	c.write("start %s %d %d", j.Episode, os.Getpid(), time.Now().UnixMilli())
	if d.Kill {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	if starts := c.starts(j.Episode); d.Die > 0 {
		j.Reach(int64(starts))
		if starts <= d.Die {
			time.Sleep(5 * c.Options.Beat) // it is written down
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	if err := c.ask(ctx, j, d, limiter); err != nil {
		return err
	}
	select {
	case <-time.After(d.Take):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if d.Stop && j.Crashes == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) // until somebody says go on
		time.Sleep(500 * time.Millisecond)             // a signal comes when it comes
	}
	// A handler that does not even listen to its context: the fence is the database's.
	finish := func() error {
		return j.Finish(context.WithoutCancel(ctx), func(tx *sql.Tx) error {
			_, err := tx.Exec(`INSERT INTO effects VALUES ('` + j.Episode + `', '` + fmt.Sprint(os.Getpid()) + `')`)
			return err
		})
	}
	err := finish()
	// A server ends the connections of who was stopped in a transaction: they are
	// made anew, and it is asked again, as package batch does.
	for range 5 {
		if err == nil || errors.Is(err, ErrFenced) || errors.Is(err, ErrCancelled) {
			break
		}
		err = finish()
	}
	if err == nil {
		c.write("end %s %d %d", j.Episode, os.Getpid(), time.Now().UnixMilli())
		return nil
	}
	c.write("error %s %d %q", j.Episode, os.Getpid(), err)
	if d.Stop {
		select {
		case <-ctx.Done():
			c.write("cause %s %d %q", j.Episode, os.Getpid(), context.Cause(ctx))
		case <-time.After(10 * time.Second):
		}
	}
	return err
}

// ask asks the server, as a voice's endpoint is asked.
func (c *task) ask(ctx context.Context, j *Job, d deed, limiter *Limiter) error {
	errs := make(chan error, max(1, d.Alike))
	for range max(1, d.Alike) {
		go func() {
			var err error
			for n := 0; n < d.Asks && err == nil; n++ {
				err = c.askOnce(ctx, j, limiter)
			}
			errs <- err
		}()
	}
	for range max(1, d.Alike) {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func (c *task) askOnce(ctx context.Context, j *Job, limiter *Limiter) error {
	release, err := limiter.Acquire(ctx, "endpoint", j.Show, 100, 0.01)
	if err != nil {
		return err
	}
	defer release()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+"?show="+j.Show, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return err
}

// write appends a line, in one write, to what all children tell.
func (c *task) write(format string, args ...any) {
	f, err := os.OpenFile(c.Starts, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := fmt.Fprintf(f, format+"\n", args...); err != nil {
		panic(err)
	}
}

// process is a child that runs.
type process struct {
	*exec.Cmd
	said  bytes.Buffer
	ended chan struct{}
}

func spawn(t testing.TB, c task) *process {
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
		p.signal(syscall.SIGKILL)
		if testing.Verbose() && p.said.Len() > 0 {
			t.Logf("process %d:\n%s", p.Process.Pid, p.said.String())
		}
	})
	return p
}

// signal sends one; SIGKILL waits for the end.
func (p *process) signal(s syscall.Signal) {
	_ = p.Process.Signal(s)
	if s == syscall.SIGKILL {
		<-p.ended
	}
}

// told is what the children wrote, in fields.
func told(t testing.TB, file string) [][]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		out = append(out, strings.Fields(line))
	}
	return out
}

// starts is how often an episode was begun.
func (c *task) starts(episode string) (n int) {
	b, err := os.ReadFile(c.Starts)
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "start "+episode+" ") {
			n++
		}
	}
	return n
}

func startsFile(t testing.TB) string { return filepath.Join(t.TempDir(), "starts") }
