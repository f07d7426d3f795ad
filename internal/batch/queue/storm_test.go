//go:build unix

package queue

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
)

var (
	stormJobs  = flag.Int("storm", 30, "jobs in TestStorm")
	stormEvery = flag.Duration("every", time.Second, "how often TestStorm kills a worker; from 10s on hearts beat as they do by default")
)

// mostRerun is how long after a worker's death its jobs begin elsewhere, at most.
const mostRerun = 15 * time.Second

func stormOptions() (childOptions, time.Duration) {
	if *stormEvery >= 10*time.Second {
		return childOptions{MaxCrashes: 10}, 2 * time.Second
	}
	return childOptions{Beat: 200 * time.Millisecond, Stale: time.Second, MaxCrashes: 10}, 400 * time.Millisecond
}

// TestStorm kills workers again and again, and once crashes the database.
func TestStorm(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		storm(t, filepath.Join(t.TempDir(), "queue.db"), 1, 3, nil)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s, err := pgtest.Start() // one of its own, to crash
		if errors.Is(err, pgtest.ErrAbsent) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
		address, err := s.Create("storm", "template1")
		if err != nil {
			t.Fatal(err)
		}
		storm(t, address, 3, 1, s.Crash)
	})
}

// waitBusy waits until a process has begun a job, or there is none for it: on a
// busy machine a worker that is killed while it starts is no test of anything.
func waitBusy(t *testing.T, file string, p *process, over func() bool) {
	t.Helper()
	pid := strconv.Itoa(p.Process.Pid)
	for range 200 {
		for _, line := range told(t, file) {
			if line[0] == "start" && line[2] == pid {
				return
			}
		}
		if over() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

type kill struct {
	pid  int
	when time.Time
}

func storm(t *testing.T, address string, workers, jobs int, crash func() error) {
	options, take := stormOptions()
	c := task{Address: address, Options: options, Jobs: jobs, Starts: startsFile(t)}
	prepare(t, address, *stormJobs, deed{Take: take})
	var running []*process
	for range workers {
		running = append(running, spawn(t, c))
	}
	var kills []kill
	began := time.Now()
	for turn := 0; !allDone(t, address, *stormJobs); turn++ {
		if time.Since(began) > 2*time.Minute+time.Duration(*stormJobs)*take {
			t.Fatalf("not done after %v and %d kills", time.Since(began), len(kills))
		}
		victim := turn % workers
		waitBusy(t, c.Starts, running[victim], func() bool { return allDone(t, address, *stormJobs) })
		time.Sleep(*stormEvery)
		if turn == 3 && crash != nil {
			if err := crash(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		running[victim].signal(syscall.SIGKILL)
		kills = append(kills, kill{running[victim].Process.Pid, time.Now()})
		running[victim] = spawn(t, c)
	}
	for _, p := range running {
		p.signal(syscall.SIGKILL)
	}
	if len(kills) < 3 {
		t.Errorf("only %d kills: the test shows nothing", len(kills))
	}
	checkEffects(t, address, *stormJobs)
	slowest, reruns := checkReruns(t, told(t, c.Starts), kills)
	t.Logf("%d jobs, %d workers, %d kills, %d reruns, the slowest %v after the kill; %v in all", *stormJobs, workers, len(kills), reruns, slowest, time.Since(began))
}

// prepare makes the tables, and inserts jobs that do d.
func prepare(t *testing.T, address string, jobs int, deeds ...deed) {
	t.Helper()
	q, err := Open(t.Context(), address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = q.Close() }()
	effects(t, q)
	var orders []Order
	for i := range jobs {
		payload, err := json.Marshal(deeds[i%len(deeds)])
		if err != nil {
			t.Fatal(err)
		}
		orders = append(orders, Order{Show: fmt.Sprint("show", i%3), Episode: fmt.Sprint("e", i), Revision: "1", Payload: payload})
	}
	insert(t, q, orders...)
}

func look(t *testing.T, address string, f func(q *Queue) error) error {
	t.Helper()
	q, err := Open(t.Context(), address, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = q.Close() }()
	return f(q)
}

func allDone(t *testing.T, address string, jobs int) bool {
	t.Helper()
	over := 0
	err := look(t, address, func(q *Queue) error {
		s, err := q.Status(t.Context())
		for _, counts := range s.Counts {
			over += counts[Done] + counts[Dead]
		}
		return err
	})
	return err == nil && over == jobs // while the database is away nothing is
}

// checkEffects wants every job done, and to have had its effect once.
func checkEffects(t *testing.T, address string, jobs int) {
	t.Helper()
	if err := look(t, address, func(q *Queue) error {
		if n := count(t, q, `SELECT count(*) FROM narrapress_job WHERE state = 'done'`); n != jobs {
			t.Errorf("%d of %d are done", n, jobs)
		}
		if all, each := count(t, q, `SELECT count(*) FROM effects`), count(t, q, `SELECT count(DISTINCT episode) FROM effects`); all != jobs || each != jobs {
			t.Errorf("%d effects of %d jobs, of %d", all, each, jobs)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// checkReruns looks at what ran at a worker when it was killed: it must begin
// again in time, unless it was just over.
func checkReruns(t *testing.T, lines [][]string, kills []kill) (slowest time.Duration, reruns int) {
	t.Helper()
	type event struct {
		pid  int
		when time.Time
	}
	starts, ended := map[string][]event{}, map[string]bool{}
	for _, line := range lines {
		switch line[0] {
		case "start":
			pid, _ := strconv.Atoi(line[2])
			ms, _ := strconv.ParseInt(line[3], 10, 64)
			starts[line[1]] = append(starts[line[1]], event{pid, time.UnixMilli(ms)})
		case "end":
			ended[line[1]+" "+line[2]] = true
		}
	}
	for _, k := range kills {
		for name, events := range starts {
			for i, e := range events {
				if e.pid != k.pid || ended[name+" "+strconv.Itoa(k.pid)] || i+1 == len(events) {
					continue
				}
				reruns++
				if after := events[i+1].when.Sub(k.when); after > mostRerun {
					t.Errorf("%s began again %v after its worker was killed", name, after)
				} else {
					slowest = max(slowest, after)
				}
			}
		}
	}
	if reruns == 0 {
		t.Error("no kill met a job: the test shows nothing")
	}
	return slowest, reruns
}

// TestFence stops a worker until its job was made by another, and lets it go on.
func TestFence(t *testing.T) {
	t.Parallel()
	address := postgres(t)
	c := task{Address: address, Options: childOptions{Beat: 200 * time.Millisecond, Stale: time.Second, MaxCrashes: 3}, Jobs: 1, Starts: startsFile(t)}
	prepare(t, address, 1, deed{Stop: true})
	stopped := spawn(t, c)
	waitTold(t, c.Starts, "start", stopped)
	other := spawn(t, c)
	waitTold(t, c.Starts, "end", other)
	stopped.signal(syscall.SIGCONT)
	contains(t, waitTold(t, c.Starts, "error", stopped), "no longer this worker's")
	contains(t, waitTold(t, c.Starts, "cause", stopped), "no longer this worker's")
	time.Sleep(500 * time.Millisecond)
	checkEffects(t, address, 1)
	// It is alive again, and works on.
	other.signal(syscall.SIGKILL)
	q := open(t, address, quick())
	insert(t, q, Order{Show: "s", Episode: "after", Revision: "1", Payload: json.RawMessage("{}")})
	contains(t, waitTold(t, c.Starts, "end", stopped), "after")
}

// waitTold waits for what a process tells, and is the line.
func waitTold(t *testing.T, file, what string, p *process) string {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for time.Now().Before(end) {
		for _, line := range told(t, file) {
			if line[0] == what && line[2] == strconv.Itoa(p.Process.Pid) {
				return strings.Join(line, " ")
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("process %d did not tell of a %s: %v", p.Process.Pid, what, told(t, file))
	return ""
}

// TestPoison has a job that kills every worker that runs it, among others.
func TestPoison(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		c := task{Address: address, Options: childOptions{Beat: 200 * time.Millisecond, Stale: time.Second, MaxCrashes: 3}, Jobs: 3, Starts: startsFile(t)}
		prepare(t, address, 8, deed{Take: 300 * time.Millisecond}, deed{Take: 300 * time.Millisecond}, deed{Kill: true}, deed{Take: 300 * time.Millisecond},
			deed{Take: 300 * time.Millisecond}, deed{Take: 300 * time.Millisecond}, deed{Take: 300 * time.Millisecond}, deed{Take: 300 * time.Millisecond})
		p := spawn(t, c)
		deaths := 0
		for end := time.Now().Add(40 * time.Second); !allDone(t, address, 8); time.Sleep(50 * time.Millisecond) {
			select {
			case <-p.ended:
				deaths++
				p = spawn(t, c)
			default:
			}
			if time.Now().After(end) {
				t.Fatalf("not over after %d deaths", deaths)
			}
		}
		p.signal(syscall.SIGKILL)
		q := open(t, address, quick())
		entries, err := q.List(t.Context(), Filter{States: []State{Dead}})
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != 1 || entries[0].Episode != "e2" || entries[0].Error != "its worker died 3 times" || entries[0].Crashes != 3 {
			t.Errorf("set aside: %+v", entries)
		}
		if deaths != 3 {
			t.Errorf("%d deaths", deaths)
		}
	})
}

// TestUnlucky has a job whose workers die five times, each time further on: it is
// not what kills them.
func TestUnlucky(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		c := task{Address: address, Options: childOptions{Beat: 200 * time.Millisecond, Stale: time.Second, MaxCrashes: 3}, Jobs: 1, Starts: startsFile(t)}
		prepare(t, address, 1, deed{Die: 5})
		p := spawn(t, c)
		for end := time.Now().Add(60 * time.Second); !allDone(t, address, 1); time.Sleep(50 * time.Millisecond) {
			select {
			case <-p.ended:
				p = spawn(t, c)
			default:
			}
			if time.Now().After(end) {
				t.Fatalf("not over: %v", told(t, c.Starts))
			}
		}
		p.signal(syscall.SIGKILL)
		q := open(t, address, quick())
		entries, err := q.List(t.Context(), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != 1 || entries[0].State != Done || entries[0].Crashes != 1 {
			t.Errorf("%+v", entries)
		}
	})
}

func TestTwoProcessesOnOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "queue.db")
	q := open(t, path, quick())
	_, err := Open(t.Context(), path, Options{})
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || locked.Path != path {
		t.Errorf("in one process: %v", err)
	}
	p := spawn(t, task{Address: path, OpenAndExit: true})
	<-p.ended
	contains(t, p.said.String(), fmt.Sprintf("is in use by process %d on ", os.Getpid()))
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	p = spawn(t, task{Address: path, OpenAndExit: true})
	<-p.ended
	if !p.ProcessState.Success() {
		t.Errorf("after it was closed: %s", p.said.String())
	}
}
