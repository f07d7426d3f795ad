package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vbauerster/mpb/v8"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/voices"
)

// run plays the events of an episode of n segments, one every step.
func run(d display, clock *time.Time, n int, step time.Duration) {
	d.observe(pipeline.Event{Stage: pipeline.Read})
	d.observe(pipeline.Event{Stage: pipeline.Read, Done: true, Elapsed: time.Millisecond})
	d.observe(pipeline.Event{Stage: pipeline.Record})
	for i := 1; i <= n; i++ {
		*clock = clock.Add(step)
		d.observe(pipeline.Event{Stage: pipeline.Record, Count: i, Total: n, Elapsed: time.Duration(i) * step})
	}
	d.observe(pipeline.Event{Stage: pipeline.Record, Done: true, Elapsed: time.Duration(n) * step})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		n    int
		step time.Duration
		want []string
	}{
		{"a tenth a line", 20, time.Second, []string{
			"a.md: record: 2/20 segments, 0:02, about 0:18 left",
			"a.md: record: 4/20 segments, 0:04, about 0:16 left",
			"a.md: record: 6/20 segments, 0:06, about 0:14 left",
			"a.md: record: 8/20 segments, 0:08, about 0:12 left",
			"a.md: record: 10/20 segments, 0:10, about 0:10 left",
			"a.md: record: 12/20 segments, 0:12, about 0:08 left",
			"a.md: record: 14/20 segments, 0:14, about 0:06 left",
			"a.md: record: 16/20 segments, 0:16, about 0:04 left",
			"a.md: record: 18/20 segments, 0:18, about 0:02 left",
			"a.md: record: done in 0:20",
		}},
		{"a line a second", 100, 30 * time.Millisecond, []string{
			"a.md: record: 34/100 segments, 0:01, about 0:02 left",
			"a.md: record: 68/100 segments, 0:02, about 0:01 left",
			"a.md: record: done in 0:03",
		}},
		{"nothing of what is over at once", 3, 300 * time.Millisecond, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			clock := time.Unix(1000, 0)
			p := &plain{out: &out, now: func() time.Time { return clock }}
			p.begin("a.md", 1, 1)
			run(p, &clock, c.n, c.step)
			p.end()
			if diff := cmp.Diff(strings.Join(c.want, "\n"), strings.TrimSpace(out.String())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlainSaysAWaitOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &plain{out: &out, now: time.Now}
	p.begin("a.md", 2, 3)
	wait := pipeline.Event{
		Stage: pipeline.Record, Wait: 4 * time.Second,
		Err: &voices.Error{Endpoint: "studio", Reason: "too many requests"},
	}
	p.observe(wait)
	p.observe(wait)
	p.observe(pipeline.Event{Stage: pipeline.Record, Wait: 1500 * time.Millisecond, Err: errors.New("the line is dead")})
	p.end()
	want := "[2/3] a.md: studio: too many requests, again in 4 s\n[2/3] a.md: the line is dead, again in 1.5 s\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	refresh := make(chan any)
	l := &live{out: &out, options: []mpb.ContainerOption{mpb.WithWidth(100), mpb.WithManualRefresh(refresh)}}
	l.begin("a.md", 1, 2)
	l.observe(pipeline.Event{Stage: pipeline.Record})
	l.observe(pipeline.Event{Stage: pipeline.Record, Count: 4, Total: 10, Stored: 2, Elapsed: 2 * time.Second})
	refresh <- time.Now()
	l.observe(pipeline.Event{
		Stage: pipeline.Record, Wait: time.Second, Err: &voices.Error{Endpoint: "studio", Reason: "too many requests"},
	})
	refresh <- time.Now()
	l.observe(pipeline.Event{Stage: pipeline.Record, Done: true})
	l.observe(pipeline.Event{Stage: pipeline.Master, Count: 9, Total: 10, Elapsed: time.Second})
	l.observe(pipeline.Event{Stage: pipeline.Master, Count: 2, Total: 10, Elapsed: 2 * time.Second}) // once more
	l.end()
	l.end() // harmless
	for _, want := range []string{
		"[1/2] a.md", "record", "4/10 segments, 2 from the store", "about 0:06 left",
		"studio: too many requests, again in 1 s\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the output:\n%s", want, out.String())
		}
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	type step struct {
		count, stored int
		at            time.Duration
	}
	for _, c := range []struct {
		name  string
		total int
		steps []step
		want  time.Duration
		known bool
	}{
		{"nothing yet", 10, nil, 0, false},
		{"only from the store", 10, []step{{5, 5, time.Millisecond}}, 0, false},
		{"even", 10, []step{{1, 0, time.Second}, {2, 0, 2 * time.Second}}, 8 * time.Second, true},
		{"the store's answers take no time", 10, []step{{5, 5, 0}, {6, 5, 2 * time.Second}}, 8 * time.Second, true},
		{
			"what was long ago is forgotten", 100,
			[]step{{50, 0, time.Second}, {51, 0, 40 * time.Second}, {52, 0, 50 * time.Second}, {53, 0, 80 * time.Second}},
			47 * 30 * time.Second, true,
		},
		{"once more from the start", 10, []step{{9, 0, 9 * time.Second}, {1, 0, 10 * time.Second}, {2, 0, 12 * time.Second}}, 16 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &pace{}
			for _, s := range c.steps {
				p.observe(s.count, c.total, s.stored, s.at)
			}
			got, known := p.left()
			if got != c.want || known != c.known {
				t.Errorf("got %v, %v; want %v, %v", got, known, c.want, c.known)
			}
		})
	}
}

func TestDisplayForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		term     string
		g        globals
		want     string
	}{
		{"a terminal", true, "xterm", globals{}, "*cli.live"},
		{"a terminal that is dumb", true, "dumb", globals{}, "*cli.plain"},
		{"a file", false, "xterm", globals{}, "*cli.plain"},
		{"with a log", true, "xterm", globals{Verbose: true}, "*cli.plain"},
		{"quiet", true, "xterm", globals{Quiet: true}, "cli.silent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := Streams{Err: &bytes.Buffer{}, ErrTerminal: c.terminal, Env: func(k string) (string, bool) {
				return c.term, k == "TERM"
			}}
			if got := fmt.Sprintf("%T", newDisplay(s, &c.g)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
