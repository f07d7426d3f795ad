package cli

import (
	"cmp"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	batches "github.com/narrapress/narrapress/internal/batch"
)

// table shows a batch while it lasts: on a terminal a row for each episode under
// way with its stage, how far it is and what it cost, above a line of totals;
// elsewhere a line for each that ended.
type table struct {
	out   io.Writer
	paint paint
	bars  *mpb.Progress // nil without a terminal
	quiet bool

	mu    sync.Mutex
	rows  map[int64]*row
	foot  *mpb.Bar
	ended map[batches.State]int
	cost  float64
	coin  string
	began time.Time
}

// row is an episode under way.
type row struct {
	mu    sync.Mutex
	bar   *mpb.Bar
	event batches.Event
	began time.Time
}

func newTable(s Streams, g *globals) *table {
	t := &table{out: s.Err, quiet: g.Quiet, paint: paint(s.colours(s.ErrTerminal)), rows: map[int64]*row{}, ended: map[batches.State]int{}, began: time.Now()}
	if s.ErrTerminal && !s.dumb() && !g.Verbose && !g.Quiet {
		t.bars = mpb.New(mpb.WithOutput(bare(s.Err)), mpb.WithRefreshRate(150*time.Millisecond))
	}
	return t
}

func (t *table) begin() {
	if t.bars == nil {
		return
	}
	t.foot = t.bars.New(0, mpb.NopStyle(), mpb.BarPriority(1<<30), mpb.PrependDecorators(decor.Any(t.total)))
}

// total is the last line of the table.
func (t *table) total(decor.Statistics) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := "looks through the sources"
	if len(t.ended)+len(t.rows) > 0 {
		text = fmt.Sprintf("%d under way", len(t.rows))
	}
	for _, s := range []batches.State{batches.StateMade, batches.StateUnchanged, batches.StateHeld, batches.StateFailed} {
		if n := t.ended[s]; n > 0 {
			text += fmt.Sprintf(", %d %s", n, s)
		}
	}
	if t.cost > 0 {
		text += ", " + money(t.cost, t.coin)
	}
	return t.paint.bold(text + ", " + clockTime(time.Since(t.began)))
}

func (t *table) observe(e batches.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case e.Began:
		t.rows[e.Job] = t.open(e)
	case e.Outcome != nil:
		t.close(e.Job)
		t.ended[e.Outcome.State]++
		t.cost += e.Outcome.Cost
		t.coin = cmp.Or(t.coin, e.Outcome.Currency)
		t.line(outcomeLine(t.paint, e))
	case e.Err != nil:
		t.close(e.Job)
		t.line(t.paint.yellow(fmt.Sprintf("%s: %v", e.Title, e.Err)))
	case t.rows[e.Job] != nil && e.Stage.Finding == "":
		r := t.rows[e.Job]
		r.mu.Lock()
		r.event = e
		r.mu.Unlock()
		if r.bar != nil && e.Stage.Total > 0 {
			r.bar.SetTotal(int64(e.Stage.Total), false)
			r.bar.SetCurrent(int64(e.Stage.Count))
		}
	}
}

func outcomeLine(p paint, e batches.Event) string {
	o := e.Outcome
	text := fmt.Sprintf("%s  %s", o.State, e.Title)
	switch o.State {
	case batches.StateMade:
		text = fmt.Sprintf("%s  %s  %s, %s", p.green(string(o.State)), e.Title,
			clockTime(time.Duration(o.Length*float64(time.Second))), count(o.Made, "new take"))
		if o.Cost > 0 {
			text += ", " + money(o.Cost, o.Currency)
		}
	case batches.StateHeld:
		text = p.yellow(text)
	}
	return text
}

func (t *table) line(text string) {
	text = harmless(text)
	switch {
	case t.quiet:
	case t.bars != nil:
		fmt.Fprintln(t.bars, text)
	default:
		fmt.Fprintln(t.out, text)
	}
}

func (t *table) open(e batches.Event) *row {
	r := &row{event: e, began: time.Now()}
	if t.bars == nil {
		return r
	}
	r.bar = t.bars.New(0, mpb.BarStyle().Lbound("").Filler("━").Tip("━").Padding("─").Rbound(""), mpb.BarWidth(16),
		mpb.PrependDecorators(decor.Name(clip(harmless(e.Title), 30), decor.WC{W: 32, C: decor.DindentRight}), decor.Any(r.stage, decor.WC{W: 8, C: decor.DindentRight})),
		mpb.AppendDecorators(decor.Any(r.show)))
	return r
}

func (r *row) stage(decor.Statistics) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.event.Stage.Stage)
}

func (r *row) show(decor.Statistics) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.event.Stage.Wait > 0 {
		return " " + waiting(r.event.Stage)
	}
	text := " "
	if how := progressOf(r.event.Stage); how != "" {
		text += how + ", "
	}
	return text + clockTime(time.Since(r.began))
}

func (t *table) close(job int64) {
	if r := t.rows[job]; r != nil && r.bar != nil {
		r.bar.Abort(true)
	}
	delete(t.rows, job)
}

func (t *table) end() {
	if t.bars == nil {
		return
	}
	t.mu.Lock()
	for job := range t.rows {
		t.close(job)
	}
	if t.foot != nil {
		t.foot.Abort(true)
	}
	t.mu.Unlock()
	t.bars.Wait()
}
