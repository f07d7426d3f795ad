package metrics

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/voices"
)

var update = flag.Bool("update", false, "write the table of docs/metrics.md anew")

// used are metrics of which each has a series.
func used(t *testing.T) *Metrics {
	t.Helper()
	m := New("v1.2.0", func(context.Context) []Queue {
		return []Queue{{Status: queue.Status{
			Counts: map[string]map[queue.State]int{"lamp": {queue.Ready: 2}}, Workers: []queue.Worker{{}},
			Usage: []queue.Usage{{Endpoint: "studio", Slots: 3}},
		}}}
	})
	m.Show("lamp")
	m.Observe(batch.Event{Show: "lamp", Err: errors.New("no")})
	m.Observe(batch.Event{Show: "lamp", Outcome: &batch.Outcome{State: batch.StateMade, Seconds: 3}})
	m.Ended(&batch.Report{Show: "lamp"}, 1, true)
	m.Reloaded("lamp", errors.New("no"))
	settle, err := m.Reserve(voices.Charge{Endpoint: "studio", Characters: 10, Cost: .1})
	if err != nil {
		t.Fatal(err)
	}
	settle(voices.Answered)
	return m
}

// ours are the metrics that are not the runtime's.
func ours(t *testing.T, m *Metrics) []*dto.MetricFamily {
	t.Helper()
	all, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(f *dto.MetricFamily) bool { return !strings.HasPrefix(f.GetName(), "narrapress_") })
}

// TestEveryMetricIsUsed holds those that are told against those that are made: the
// docs are written of the former.
func TestEveryMetricIsUsed(t *testing.T) {
	t.Parallel()
	m := used(t)
	told := map[string]bool{}
	for _, f := range ours(t, m) {
		told[f.GetName()] = true
	}
	descriptions := make(chan *prometheus.Desc, 100)
	m.registry.Describe(descriptions)
	close(descriptions)
	name := regexp.MustCompile(`fqName: "(narrapress_[^"]+)"`)
	n := 0
	for d := range descriptions {
		if found := name.FindStringSubmatch(d.String()); found != nil {
			n++
			if !told[found[1]] {
				t.Errorf("%s is made, and nothing in this test counts in it", found[1])
			}
		}
	}
	if n != len(told) || n < 20 {
		t.Errorf("%d metrics are made, and %d told", n, len(told))
	}
}

// TestNames asks Prometheus's own linter.
func TestNames(t *testing.T) {
	t.Parallel()
	problems, err := promlint.NewWithMetricFamilies(ours(t, used(t))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestDocs holds docs/metrics.md to what is told.
func TestDocs(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	table.WriteString("| name | type | labels | unit | what |\n|---|---|---|---|---|\n")
	families := ours(t, used(t))
	slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
	for _, f := range families {
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+l.GetName()+"`")
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s |\n", f.GetName(), strings.ToLower(f.GetType().String()), strings.Join(labels, ", "), unit(f.GetName()), f.GetHelp())
	}
	file := filepath.Join("..", "..", "..", "docs", "metrics.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- metrics: written by go test ./internal/web/metrics -run TestDocs -update -->\n", "<!-- /metrics -->"
	before, rest, ok := strings.Cut(string(page), begin)
	got, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table: %q … %q", file, begin, end)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := gocmp.Diff(table.String(), got); d != "" {
		t.Errorf("%s is not as the program is; -update writes it anew (-want +got):\n%s", file, d)
	}
	// Alerts and prose name no other.
	for _, name := range regexp.MustCompile(`narrapress_[a-z_]+`).FindAllString(before+after, -1) {
		if !strings.Contains(table.String(), "`"+name+"`") && !strings.HasSuffix(name, "_token") {
			t.Errorf("%s speaks of %s, which there is not", file, name)
		}
	}
}

// unit is what a value counts, by its name
// (https://prometheus.io/docs/practices/naming/).
func unit(name string) string {
	switch {
	case strings.HasSuffix(name, "_seconds"):
		return "seconds"
	case name == "narrapress_money_total":
		return "of the currency"
	case name == "narrapress_info":
		return "1"
	case name == "narrapress_file_broken":
		return "1 or 0"
	case name == "narrapress_characters_total":
		return "characters"
	}
	for what, ending := range map[string]string{
		"requests": "requests_total requests_in_flight endpoint_slots", "runs": "runs_total publish_failed_total", "posts": "episodes_total",
		"attempts": "attempts_failed_total", "times": "reloads_total reload_failures_total", "notices": "notices_failed_total",
		"jobs": "jobs", "processes": "workers", "databases": "databases_up",
	} {
		if slices.Contains(strings.Fields(ending), strings.TrimPrefix(name, "narrapress_")) {
			return what
		}
	}
	return ""
}

// TestStates holds the helps, of which the docs are made, to what a label may say.
func TestStates(t *testing.T) {
	t.Parallel()
	help := map[string]string{}
	for _, f := range ours(t, used(t)) {
		help[f.GetName()] = f.GetHelp()
		if unit(f.GetName()) == "" {
			t.Errorf("%s has no unit", f.GetName())
		}
	}
	for _, s := range []batch.State{
		batch.StateMade, batch.StateUnchanged, batch.StateHeld, batch.StateDraft, batch.StateFailed, batch.StateWaiting, batch.StateCancelled, batch.StateReplaced,
	} {
		if !strings.Contains(help["narrapress_episodes_total"], string(s)) {
			t.Errorf("narrapress_episodes_total does not name the state %s", s)
		}
	}
	for _, s := range []queue.State{queue.Ready, queue.Held, queue.Behind, queue.Running, queue.Done, queue.Dead, queue.Cancelled, queue.Replaced} {
		if !strings.Contains(help["narrapress_jobs"], string(s)) {
			t.Errorf("narrapress_jobs does not name the state %s", s)
		}
	}
	for _, o := range []voices.Outcome{voices.Answered, voices.Refused, voices.Unknown} {
		if !strings.Contains(help["narrapress_requests_total"], outcome(o)) {
			t.Errorf("narrapress_requests_total does not name the outcome %s", outcome(o))
		}
	}
}

// TestOldest counts the longest waits of several databases.
func TestOldest(t *testing.T) {
	t.Parallel()
	m := New("v1", func(context.Context) []Queue {
		at := func(ago time.Duration) Queue {
			since := time.Now().Add(-ago)
			return Queue{
				Status:      queue.Status{Counts: map[string]map[queue.State]int{"lamp": {queue.Ready: 1}}, Oldest: map[string]time.Time{"lamp": since}},
				Unpublished: []batch.Unpublished{{Show: "lamp", Since: since}},
			}
		}
		return []Queue{at(time.Minute), at(time.Hour), at(time.Second)}
	})
	told := 0
	for _, f := range ours(t, m) {
		if f.GetName() != "narrapress_queue_wait_seconds" && f.GetName() != "narrapress_unpublished_seconds" {
			continue
		}
		told++
		if n := len(f.GetMetric()); n != 1 {
			t.Errorf("%s: %d series of one show", f.GetName(), n)
		}
		if got := f.GetMetric()[0].GetGauge().GetValue(); got < 3600 || got > 3660 {
			t.Errorf("%s is %v s, want an hour", f.GetName(), got)
		}
	}
	if told != 2 {
		t.Errorf("%d of two metrics say how long something waits", told)
	}
}
