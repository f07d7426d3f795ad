package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/voices"
)

// display shows a run while it lasts. Its methods are called one at a time.
type display interface {
	begin(source string, i, of int) // the i-th source, from 1
	observe(e pipeline.Event)
	end() // of the source; nothing is left moving on the screen
}

// newDisplay chooses the form: bars on a terminal that can show them and
// where no log runs through them, lines elsewhere, nothing with --quiet.
func newDisplay(s Streams, g *globals) display {
	switch {
	case g.Quiet:
		return silent{}
	case s.ErrTerminal && !s.dumb() && !g.Verbose:
		return &live{out: bare(s.Err), paint: paint(s.colours(s.ErrTerminal))}
	default:
		return &plain{out: s.Err, now: time.Now}
	}
}

type silent struct{}

func (silent) begin(string, int, int) {}
func (silent) observe(pipeline.Event) {}
func (silent) end()                   {}

// waiting says why an endpoint is asked again, and when.
func waiting(e pipeline.Event) string {
	reason := "an endpoint did not answer"
	var endpoint *voices.Error
	switch {
	case errors.As(e.Err, &endpoint):
		reason = endpoint.Endpoint + ": " + endpoint.Reason
	case e.Err != nil:
		reason = e.Err.Error()
	}
	return fmt.Sprintf("%s, again in %s", strings.TrimRight(reason, ". "), seconds(e.Wait))
}

// progressOf is how far a stage is: "12/40 segments, 5 from the store" or "45 %".
func progressOf(e pipeline.Event) string {
	if e.Total <= 0 {
		return ""
	}
	if e.Stage != pipeline.Record {
		return fmt.Sprintf("%d %%", percent(e.Count, e.Total))
	}
	s := fmt.Sprintf("%d/%d segments", e.Count, e.Total)
	if e.Stored > 0 {
		s += fmt.Sprintf(", %d from the store", e.Stored)
	}
	return s
}

func percent(count, total int) int { return int(int64(count) * 100 / int64(max(total, 1))) }

// headline names a source of a batch.
func headline(source string, i, of int) string {
	if source == stdin {
		source = "standard input"
	}
	if of == 1 {
		return source
	}
	return fmt.Sprintf("[%d/%d] %s", i, of, source)
}
