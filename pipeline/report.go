package pipeline

import (
	"context"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// report writes the report of an episode, beside the publishers: it tells of
// this run, and is not published.
func (p *Press) report(r *release, m *publish.Manifest) []publish.Publisher {
	if !p.cfg.Output.Report {
		return nil
	}
	return []publish.Publisher{{Name: "report", Write: func(ctx context.Context, dir string, mat *publish.Material) ([]publish.File, error) {
		return nil, publish.WriteReport(ctx, dir, mat, m, &r.run)
	}}}
}
