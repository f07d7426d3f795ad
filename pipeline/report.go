package pipeline

import (
	"context"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// report writes the report of an episode, beside the publishers: it tells of
// this run, and is not published. A show that wants none has none left over.
func (p *Press) report(r *release, m *publish.Manifest) []publish.Publisher {
	if !p.cfg.Output.Report {
		for _, name := range publish.ReportFiles() {
			os.RemoveAll(filepath.Join(r.place.dir, name))
		}
		return nil
	}
	return []publish.Publisher{{Name: "report", Write: func(ctx context.Context, dir string, mat *publish.Material) ([]publish.File, error) {
		return nil, publish.WriteReport(ctx, dir, mat, m, &r.run)
	}}}
}
