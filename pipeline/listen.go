package pipeline

import (
	"context"
	"slices"
)

// listener asks whether the one who must listen is there, before anything is
// paid for. One who need not is left to be found away.
func (p *Press) listener(ctx context.Context, plan *Plan) error {
	if !p.cfg.Listen.Required || !slices.ContainsFunc(plan.Segments, func(s Segment) bool { return !s.Stored }) {
		return nil
	}
	return p.studio.ListenerReady(ctx)
}
