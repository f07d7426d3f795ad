//go:build unix

package queue

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
)

// server is the PostgreSQL of this test binary, started when it is first asked for.
var server = sync.OnceValues(func() (*pgtest.Server, error) {
	s, err := pgtest.Start()
	if err != nil {
		return nil, err
	}
	started.Lock()
	started.Server = s
	started.Unlock()
	address, err := s.Create(tables, "template1")
	if err != nil {
		return nil, err
	}
	q, err := Open(context.Background(), address, Options{})
	if err != nil {
		return nil, err
	}
	return s, q.Close()
})

// tables is a database with the queue's tables in it, from which others are copied.
const tables = "tables"

var started struct {
	sync.Mutex
	*pgtest.Server
}

func TestMain(m *testing.M) {
	if task := os.Getenv(childEnv); task != "" {
		os.Exit(child(task))
	}
	// Most tests wait for hearts and other processes most of the time.
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	code := m.Run()
	if started.Server != nil {
		if err := started.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

var databases struct {
	sync.Mutex
	n int
}

// postgres is the address of a database without jobs.
func postgres(t testing.TB) string {
	t.Helper()
	s, err := server()
	if errors.Is(err, pgtest.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	databases.Lock()
	databases.n++
	name := fmt.Sprintf("test%d", databases.n)
	databases.Unlock()
	address, err := s.Create(name, tables)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// both runs a test on each kind of database.
func both(t *testing.T, f func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, filepath.Join(t.TempDir(), "a folder?", "queue 100%.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, postgres(t))
	})
}

// quick are options with which a test does not take long.
func quick() Options {
	return Options{
		Beat: 200 * time.Millisecond, Stale: time.Second,
		Backoff: func(error, int) time.Duration { return 0 },
	}
}

func open(t testing.TB, address string, o Options) *Queue {
	t.Helper()
	if testing.Verbose() && o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	q, err := Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	return q
}

// work starts a worker; stop ends it and waits.
func work(t testing.TB, q *Queue, o WorkOptions, handle Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Work(ctx, o, handle) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func insert(t testing.TB, q *Queue, orders ...Order) []Inserted {
	t.Helper()
	out, err := q.Insert(t.Context(), orders...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// until waits for a job to be as f wants it.
func until(t testing.TB, q *Queue, id int64, what string, f func(Entry) bool) Entry {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		e, err := q.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if f(e) {
			return e
		}
		if time.Now().After(end) {
			t.Fatalf("job %d is not %s: %+v", id, what, e)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func untilState(t testing.TB, q *Queue, id int64, s State) Entry {
	t.Helper()
	return until(t, q, id, string(s), func(e Entry) bool { return e.State == s })
}

func episode(show, id, revision string) Order {
	return Order{Show: show, Episode: id, Revision: revision}
}

func contains(t testing.TB, s, part string) {
	t.Helper()
	if !strings.Contains(s, part) {
		t.Errorf("%q does not say %q", s, part)
	}
}
