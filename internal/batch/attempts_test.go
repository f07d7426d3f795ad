//go:build unix

package batch_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
)

// A run whose process is stopped or killed while an episode is made, and that goes
// on in another one, says what all of it took, as one says that nobody disturbed.
func TestTwoAttemptsInOneReport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signal syscall.Signal
		split  string
		text   string
		after  int // requests
		late   int // takes that may be counted as reused
	}{
		"stopped":               {syscall.SIGINT, "", paragraphs(40), 12, 1},
		"killed":                {syscall.SIGKILL, "", paragraphs(40), 12, 0},
		"killed in chapter two": {syscall.SIGKILL, ", split: chapter", "# A book\n\n## One\n\nThe first ferry.\n\nThe last one.\n\n## Two\n\n" + paragraphs(40), 16, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := func() *press {
				p := newPress(t, 0, "")
				p.alter(t, "cache: cache", "cache: cache"+c.split)
				p.write(t, "posts/01.md", c.text)
				return p
			}
			want := made().run(t, batch.Wish{})

			p := made()
			p.slow(t, 100*time.Millisecond)
			work := task{Show: p.config(t).File, Database: filepath.Join(p.dir, "queue.db"), Jobs: 1}
			id := p.begin(t)
			first := spawn(t, work)
			await(t, "some takes", func() bool { return p.sky.Requests() >= c.after })
			if err := first.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			<-first.ended
			if n := p.sky.Requests(); n > want.Totals.Takes-5 {
				t.Fatalf("it went on for all of its %d requests", n)
			}
			spawn(t, work)
			rep := &batch.Report{}
			await(t, "the report", func() bool {
				body, err := os.ReadFile(filepath.Join(p.dir, "out", ".runs", id+".json"))
				return err == nil && json.Unmarshal(body, rep) == nil
			})
			got := rep.Totals
			if len(rep.Items) != 1 || rep.Items[0].Made != got.Takes || got.Takes+rep.Items[0].Reused != want.Totals.Takes {
				t.Errorf("items %+v, want as %+v", rep.Items, want.Items)
			}
			// An answer that came in the moment of the stop is stored and paid for, and the next attempt reuses it.
			if got.Takes < want.Totals.Takes-c.late || got.Characters != want.Totals.Characters || math.Abs(got.Cost-want.Totals.Cost) > 1e-9 {
				t.Errorf("%d takes of %d characters for %g, want %d, %d, %g",
					got.Takes, got.Characters, got.Cost, want.Totals.Takes, want.Totals.Characters, want.Totals.Cost)
			}
		})
	}
}

// begin asks for a run that another process carries out.
func (p *press) begin(t *testing.T) string {
	t.Helper()
	cfg := p.config(t)
	q, err := queue.Open(t.Context(), filepath.Join(p.dir, "queue.db"), queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	id, err := batch.New(q, batch.Options{}).Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// What a held episode cost is counted once.
func TestCostOfAHeldEpisode(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "gate: {cost: {most: 0.01}}")
	p.post(t, 1, "Nobody has drawn a picture for this one.")
	rep := p.run(t, batch.Wish{})
	if paid := p.paid(t); states(rep) != `{"held":1}` || math.Abs(rep.Totals.Cost-paid) > 1e-9 {
		t.Errorf("%s for %g, and %g were paid", states(rep), rep.Totals.Cost, paid)
	}
}
