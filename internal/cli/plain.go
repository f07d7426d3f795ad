package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/narrapress/narrapress/pipeline"
)

// plain shows progress in lines, for logs and for terminals that cannot move
// their cursor: every tenth of a stage that lasts a second or more, and at most
// one line a second.
type plain struct {
	out io.Writer
	now func() time.Time

	name   string // of the source
	stage  pipeline.Stage
	pace   *pace
	tenth  int       // of the stage that was last told
	last   time.Time // when a line was last written
	waited string    // the wait that was last told
}

func (p *plain) begin(source string, i, of int) {
	*p = plain{out: p.out, now: p.now, last: p.last, name: headline(source, i, of)}
}

func (p *plain) observe(e pipeline.Event) {
	if e.Wait > 0 {
		if w := waiting(e); w != p.waited {
			p.waited = w
			p.line(w)
		}
		return
	}
	if e.Stage != p.stage || p.pace == nil {
		p.stage, p.pace, p.tenth = e.Stage, &pace{}, 0
	}
	if e.Done {
		p.ended(e)
		return
	}
	if e.Total == 0 {
		return
	}
	p.pace.observe(e.Count, e.Total, e.Stored, e.Elapsed)
	tenth := percent(e.Count, e.Total) / 10
	if e.Elapsed < time.Second || e.Count >= e.Total || tenth <= p.tenth || p.now().Sub(p.last) < time.Second {
		return
	}
	p.tenth = tenth
	text := fmt.Sprintf("%s: %s, %s", e.Stage, progressOf(e), clockTime(e.Elapsed))
	if left, ok := p.pace.left(); ok {
		text += fmt.Sprintf(", about %s left", clockTime(left))
	}
	p.line(text)
}

// ended tells of a stage that took long enough to be worth a line.
func (p *plain) ended(e pipeline.Event) {
	if e.Err == nil && e.Elapsed >= time.Second {
		p.line(fmt.Sprintf("%s: done in %s", e.Stage, clockTime(e.Elapsed)))
	}
	p.pace = nil
}

func (p *plain) line(text string) {
	p.last = p.now()
	fmt.Fprintf(p.out, "%s: %s\n", p.name, text)
}

func (p *plain) end() {}
