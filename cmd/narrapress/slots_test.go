//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
)

// TestServeKilledAcrossSlots kills a server of three shows, lets two times of their
// schedules pass, and begins another one: each time has its run once, and what was
// missed as catch_up has it. A schedule's minute is one of the clock's: it takes
// eight.
func TestServeKilledAcrossSlots(t *testing.T) {
	if *stormPosts <= 20 {
		t.Skip("it takes eight minutes: make storm")
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); killedAcrossSlots(t, "") })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := pgtest.For(t)
		address, err := server.Create("slots", "template1")
		if err != nil {
			t.Fatal(err)
		}
		killedAcrossSlots(t, address)
	})
}

func killedAcrossSlots(t *testing.T, database string) {
	const every = 2 * time.Minute
	dir := t.TempDir()
	rules := []string{"none", "once", "all"}
	addresses := map[string]string{}
	for _, rule := range rules {
		show := filepath.Join(dir, rule)
		if err := os.MkdirAll(filepath.Join(show, "posts"), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(show, "posts", "draft.md"), "---\ndraft: true\n---\nNot yet.\n")
		more := ""
		if addresses[rule] = database; database == "" {
			addresses[rule] = filepath.Join(show, "out", ".runs", "queue.db")
		} else {
			more = fmt.Sprintf("server: {database: %q}\n", database)
		}
		write(t, filepath.Join(show, "narrapress.yaml"), fmt.Sprintf(`
show: {id: %s, title: "A show", author: "A. Author", language: en-US}
endpoints: {studio: {preset: openai, url: "http://127.0.0.1:9/v1", price: {free: true}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: [posts]
schedules: {often: {cron: "*/2 * * * *", catch_up: %s}}
output: {store: takes, cache: cache}
%s`, rule, rule, more))
	}
	slots := func(rule string) (out []time.Time) {
		q, err := queue.Open(t.Context(), addresses[rule], queue.Options{ReadOnly: true})
		if err != nil {
			return nil
		}
		defer q.Close()
		runs, err := batch.New(q, batch.Options{}).Runs(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			if r.Show != rule {
				continue
			}
			name, _, _ := strings.Cut(r.ID, "-")
			at, err := time.Parse("20060102T150405Z", name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, at)
		}
		slices.SortFunc(out, time.Time.Compare)
		return out
	}
	have := func(at time.Time) func() bool {
		return func() bool {
			return !slices.ContainsFunc(rules, func(rule string) bool { return !slices.ContainsFunc(slots(rule), at.Equal) })
		}
	}
	wait := func(what string, limit time.Duration, done func() bool) {
		t.Helper()
		for end := time.Now().Add(limit); !done(); time.Sleep(500 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("it never came that %s", what)
			}
		}
	}
	s := startWith(t, dir, append([]string{"serve"}, rules...))
	first := time.Now().Truncate(every).Add(every).UTC()
	if time.Until(first) < 5*time.Second { // it may be found due before the schedules are known
		first = first.Add(every)
	}
	wait("the first time has its runs", time.Until(first)+time.Minute, have(first))
	if err := s.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.Wait()
	time.Sleep(time.Until(first.Add(2*every + 75*time.Second))) // the second is late by more than a minute, too
	s = startWith(t, dir, append([]string{"serve"}, rules...))
	wait("the next time has its runs", time.Until(first.Add(3*every))+time.Minute, have(first.Add(3*every)))
	time.Sleep(5 * time.Second) // another look at the schedules
	s.stop(t)
	for rule, want := range map[string][]int{"none": {0, 3}, "once": {0, 2, 3}, "all": {0, 1, 2, 3}} {
		var got []int
		for _, at := range slots(rule) {
			got = append(got, int(at.Sub(first)/every))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: times %v after the first had a run, want %v", rule, got, want)
		}
	}
}
