package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/narrapress/narrapress/pipeline"
)

// live shows progress on a terminal: a bar for the stage that runs, and lines
// above it for what a person should see at once.
type live struct {
	out     io.Writer
	paint   paint
	options []mpb.ContainerOption // for tests

	bars  *mpb.Progress
	bar   *mpb.Bar
	title string
	stage pipeline.Stage
	state *barState
}

// barState is what the decorators of a bar show; they run beside observe.
type barState struct {
	mu    sync.Mutex
	event pipeline.Event
	pace  pace
	began time.Time
}

func (l *live) begin(source string, i, of int) {
	options := append([]mpb.ContainerOption{mpb.WithOutput(l.out), mpb.WithRefreshRate(100 * time.Millisecond)}, l.options...)
	l.bars = mpb.New(options...)
	l.title, l.stage, l.bar = harmless(headline(source, i, of)), "", nil
}

func (l *live) observe(e pipeline.Event) {
	if l.bars == nil {
		return
	}
	if e.Wait > 0 {
		fmt.Fprintln(l.bars, l.paint.yellow(waiting(e)))
		return
	}
	if e.Stage != l.stage {
		l.drop()
		l.open(e.Stage)
	}
	if e.Done {
		l.drop()
		l.stage = ""
		return
	}
	l.state.mu.Lock()
	if e.Finding == "" {
		l.state.event = e
		if e.Total > 0 {
			l.state.pace.observe(e.Count, e.Total, e.Stored, e.Elapsed)
		}
	}
	l.state.mu.Unlock()
	if e.Total > 0 {
		l.bar.SetTotal(int64(e.Total), false)
		l.bar.SetCurrent(int64(e.Count))
	}
}

// open begins a bar. Its total is set later, so that it never ends by itself:
// a stage may do its work once more.
func (l *live) open(stage pipeline.Stage) {
	state := &barState{began: time.Now()}
	l.stage, l.state = stage, state
	l.bar = l.bars.New(0, mpb.BarStyle().Lbound("").Filler("━").Tip("━").Padding("─").Rbound(""),
		mpb.BarWidth(16),
		mpb.PrependDecorators(
			decor.Name(l.paint.bold(clip(l.title, 30))+"  "),
			decor.Name(string(stage), decor.WC{W: 8, C: decor.DindentRight}),
		),
		mpb.AppendDecorators(decor.Any(state.show)),
	)
}

// show is what stands behind a bar: how far, how long, how long yet.
func (s *barState) show(decor.Statistics) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := " "
	if how := progressOf(s.event); how != "" {
		text += how + ", "
	}
	text += clockTime(time.Since(s.began))
	if left, ok := s.pace.left(); ok && left > 0 {
		text += fmt.Sprintf(", about %s left", clockTime(left))
	}
	return text
}

func (l *live) drop() {
	if l.bar != nil {
		l.bar.Abort(true)
		l.bar.Wait()
		l.bar = nil
	}
}

func (l *live) end() {
	if l.bars == nil {
		return
	}
	l.drop()
	l.bars.Wait()
	l.bars = nil
}
