package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(context.Background())
	stop()
	at := func(s pipeline.Stage, err error) error { return &pipeline.StageError{Stage: s, Err: err} }
	for _, c := range []struct {
		name string
		ctx  context.Context
		err  error
		kind string
		code code
	}{
		{"usage", t.Context(), misuse("no"), "usage", misused},
		{"configuration", t.Context(), config.Errors{{Place: "show.yaml:1:1", Reason: "no"}}, "configuration", misused},
		{"cast", t.Context(), &showError{&voices.CastError{Role: "body"}}, "configuration", misused},
		{"source", t.Context(), at(pipeline.Read, errors.New("no")), "source", failed},
		{"endpoint", t.Context(), at(pipeline.Record, &record.SegmentError{Err: &voices.Error{Endpoint: "studio"}}), "endpoint", failed},
		{"track", t.Context(), at(pipeline.Mix, &record.TrackError{File: "a.mp3", Err: errors.New("no")}), "track", failed},
		{"cost", t.Context(), &pipeline.CostError{Cost: 2, Limit: 1, Currency: "USD"}, "cost", partly},
		{"program", t.Context(), fmt.Errorf("ffmpeg: %w", exec.ErrNotFound), "program", failed},
		{"other", t.Context(), errors.New("no"), "other", failed},
		{"interrupted", stopped, at(pipeline.Record, context.Canceled), "interrupted", interrupted},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := kindOf(c.ctx, c.err); got != c.kind {
				t.Errorf("kind %q, want %q", got, c.kind)
			}
			if got := codeOf(c.ctx, c.err); got != c.code {
				t.Errorf("exit code %d, want %d", got, c.code)
			}
		})
	}
}

func TestRunExit(t *testing.T) {
	t.Parallel()
	bad := func(err error) outcome {
		o := outcome{Status: statusFailed, err: err, Error: explain(context.Background(), "a.md", err)}
		if isHeld(err) {
			o.Status = statusHeld
		}
		return o
	}
	var (
		made      = outcome{Status: statusMade}
		unchanged = outcome{Status: statusUnchanged}
		broken    = bad(errors.New("no"))
		held      = bad(&pipeline.CostError{})
		config    = bad(&config.Error{Place: "show.yaml:1:1", Reason: "no"})
	)
	for _, c := range []struct {
		name string
		run  []outcome
		want code
	}{
		{"all made", []outcome{made, unchanged}, done},
		{"one failed", []outcome{made, broken}, partly},
		{"one failed, one unchanged", []outcome{unchanged, broken}, partly},
		{"all failed", []outcome{broken, broken}, failed},
		{"one held", []outcome{held}, partly},
		{"held and failed", []outcome{held, broken}, partly},
		{"configuration of all", []outcome{config, config}, misused},
		{"configuration of one", []outcome{config, made}, partly},
		{"configuration of one, another failed", []outcome{config, broken}, failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var r runReport
			for _, o := range c.run {
				r.add(o)
			}
			if got := r.exit(); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}

func TestRunTotals(t *testing.T) {
	t.Parallel()
	var r runReport
	r.Totals.Sources = 5
	r.add(outcome{Status: statusMade, Made: 3, Reused: 1, Characters: 1000, Cost: 0.5, Currency: "USD"})
	r.add(outcome{Status: statusMade, Made: 1, Characters: 200, Cost: 9, Currency: "EUR"})
	r.add(outcome{Status: statusUnchanged, Reused: 4, Currency: "USD"})
	stop := outcome{Status: statusFailed, Made: 2, Characters: 34, Cost: 0.25, Currency: "USD", Error: &outcomeError{Kind: kindInterrupted}}
	r.add(stop)
	r.Totals.Left++ // one that was not begun
	r.Totals.Seconds = 61
	want := runTotals{
		Sources: 5, Done: 2, Unchanged: 1, Left: 2, Takes: 6, Reused: 5, Characters: 1234,
		Cost: 0.75, Currency: "USD", Seconds: 61,
	}
	if diff := cmp.Diff(want, r.Totals); diff != "" {
		t.Error(diff)
	}
	if got, want := r.totalLine(), "total: 2 made, 1 unchanged, 2 not finished; 6 takes recorded, 1,234 characters sent, 0.75 USD; 1:01"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := r.kept(), "6 takes kept (1,234 characters sent, 0.75 USD)"; got != want || r.exit() != interrupted {
		t.Errorf("got  %s (exit %d)\nwant %s (exit 130)", got, r.exit(), want)
	}
}

func TestLocated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		err          error
		want         string
	}{
		{"a place of its own", "a.md", errors.New("a.md:3:1: no"), "a.md:3:1: no"},
		{"none", "a.md", errors.New("no"), "a.md: no"},
		{"standard input", "-", errors.New("no"), "standard input: no"},
		{"standard input with a place", "-", errors.New("-:3:1: no"), "standard input:3:1: no"},
		{"a configuration's", "a.md", &config.Error{Place: "show.yaml:1:1", Reason: "no"}, "show.yaml:1:1: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := located(c.source, c.err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// call follows a command line in a folder of its own.
func call(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	dir := t.TempDir()
	code = Run(t.Context(), args, Streams{
		In: strings.NewReader(""), Out: &o, Err: &e, Dir: dir, Home: dir,
		Env: func(string) (string, bool) { return "", false },
	})
	return code, o.String(), e.String()
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"prodcue"}, `narrapress: there is no command "prodcue"; the nearest is "produce" (see narrapress --help)`},
		{[]string{"xyzzy"}, `narrapress: there is no command "xyzzy" (see narrapress --help)`},
		{[]string{"voices", "lst"}, `narrapress: there is no command "lst"; the nearest is "list" (see narrapress voices --help)`},
		{[]string{"produce"}, `narrapress: an INPUT is missing (see narrapress produce --help)`},
		{[]string{"produce", "--smaple", "60s", "a.md"}, `narrapress: there is no flag --smaple; the nearest is --sample (see narrapress produce --help)`},
		{[]string{"produce", "-x", "a.md"}, `narrapress: there is no flag -x (see narrapress produce --help)`},
		{[]string{"plan", "--jsn", "a.md"}, `narrapress: there is no flag --jsn; the nearest is --json (see narrapress plan --help)`},
		{[]string{"plan", "a.md", "b.md"}, `narrapress: "b.md" is one argument too many (see narrapress plan --help)`},
		{[]string{"plan", "a.md", "-o", "a.txt"}, `narrapress: -o a.txt: a script is written as .yaml or .json (see narrapress plan --help)`},
		{[]string{"version", "x"}, `narrapress: it takes no arguments, but "x" was given (see narrapress version --help)`},
		{[]string{"produce", "a.md", "b.md", "--title", "T"}, `narrapress: --title is for one input, but there are 2 (see narrapress produce --help)`},
		{[]string{"produce", "a.md", "--max-cost", "-1"}, `narrapress: --max-cost is an amount such as 2.50, not -1 (see narrapress produce --help)`},
		{[]string{"produce", "a.md", "--sample", "-1s"}, `narrapress: --sample is a length such as 60s, not -1s (see narrapress produce --help)`},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			code, out, errs := call(t, c.args...)
			if code != int(misused) || out != "" || errs != c.want+"\n" {
				t.Errorf("exit %d, stdout %q, stderr\n%swant exit 2,\n%s", code, out, errs, c.want)
			}
		})
	}
}

// TestHelp asks every command for its help: examples and exit codes are in it.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", "produce", "plan", "init", "doctor", "config", "voices", "voices list", "voices audition", "voices serve",
		"store", "store stats", "store verify", "store prune", "inspect", "version", "completion bash",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			code, out, errs := call(t, append(strings.Fields(command), "--help")...)
			if code != 0 || errs != "" || !strings.Contains(out, exitTable) {
				t.Errorf("exit %d, stderr %q, stdout:\n%s", code, errs, out)
			}
			if !strings.HasPrefix(command, "completion") && !strings.Contains(out, "Examples:\n  narrapress") {
				t.Errorf("no examples:\n%s", out)
			}
		})
	}
}

// TestFullDisk takes no output that was lost for success.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	code := Run(t.Context(), []string{"version"}, Streams{Out: full{}, Err: &errs})
	if code != int(failed) || errs.String() != "narrapress: writing to standard output: no space left\n" {
		t.Errorf("exit %d, stderr %q", code, errs.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }
