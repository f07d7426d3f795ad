package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/internal/ledger"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// paid is a show whose endpoint takes a dollar a character.
func paid(t *testing.T, server *voicetest.Server, more string) string {
	t.Helper()
	url, err := server.Start("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return fmt.Sprintf(`
endpoints:
  studio:
    preset: openai
    url: %s
    key: none
    price: {per_1m_chars: 1000000, currency: USD}
    limits: {concurrency: 4}
    retry: {base: 1ms, cap: 2ms}
    body: {instructions: "After {{previous}} and before {{next}}"}
voices: {narrator: {endpoint: studio, voice: alloy%s}}
roles: {body: narrator}
`, url, more)
}

// TestPressesAtOnceDoNotOverspend makes episodes of the same day with several
// presses, as processes do, at an endpoint with faults.
func TestPressesAtOnceDoNotOverspend(t *testing.T) {
	t.Parallel()
	faults, err := voicetest.Named("ok,silent,503,ok,429,half")
	if err != nil {
		t.Fatal(err)
	}
	server, err := voicetest.New(t.Context(), voicetest.Options{Faults: func(n int) voicetest.Fault { return faults((n-1)%6 + 1) }})
	if err != nil {
		t.Fatal(err)
	}
	const most = 600
	files := map[string]string{"narrapress.yaml": paid(t, server, "") + fmt.Sprintf("limits: {cost: {day: %d}}\n", most)}
	var b strings.Builder
	for i := range 3 {
		b.Reset()
		fmt.Fprintf(&b, "# Post %d\n\n", i)
		for n := range 12 {
			fmt.Fprintf(&b, "Walk %d of post %d went on.\n\n", n, i)
		}
		files[fmt.Sprintf("post%d.md", i)] = b.String()
	}
	dir := folder(t, files)
	var wg sync.WaitGroup
	for i := range 3 {
		p := press(t, dir)
		wg.Go(func() {
			_, err := p.Produce(context.WithoutCancel(t.Context()), pipeline.Order{Source: filepath.Join(dir, fmt.Sprintf("post%d.md", i))})
			var held *pipeline.CostError
			if err != nil && !errors.As(err, &held) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	rows, unread, err := ledger.Report(filepath.Join(dir, "store"))
	if err != nil || unread != 0 {
		t.Fatal(unread, err)
	}
	cost := 0.0
	for _, r := range rows {
		cost += r.Cost
		if math.Abs(r.Cost-float64(r.Characters)) > 1e-6 || r.Open != 0 {
			t.Errorf("%+v: a character is a dollar", r)
		}
	}
	if cost > most || cost < most/2 {
		t.Errorf("%g spent of %d", cost, most)
	}
}

// TestSampleHasTheContextOfTheWhole asks for nothing again after a sample.
func TestSampleHasTheContextOfTheWhole(t *testing.T) {
	t.Parallel()
	server, err := voicetest.New(t.Context(), voicetest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t, map[string]string{"narrapress.yaml": paid(t, server, ", context: sentence"), "post.md": post})
	sample := produce(t, dir, pipeline.Order{Source: "post.md", Sample: 1})
	if sample.Made != 1 {
		t.Fatalf("%d takes in the sample", sample.Made)
	}
	if sample = produce(t, dir, pipeline.Order{Source: "post.md", Sample: 4e9}); sample.Made == 0 {
		t.Fatal("no take was made")
	}
	whole, err := press(t, dir).Plan(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := whole.Totals.Stored, 1+sample.Made; got != want {
		t.Errorf("%d takes of the whole are stored, want the %d of the sample", got, want)
	}
	if e := whole.Totals.Endpoints; len(e) != 1 || e[0].Requests != whole.Totals.New || e[0].Cost != float64(e[0].Characters) {
		t.Errorf("%+v", e)
	}
}
