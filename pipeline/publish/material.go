package publish

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Material is all that the files beside an episode's sound are written from.
// Nothing in it changes while they are.
type Material struct {
	Show     podcast.Show
	Episode  podcast.Episode
	Script   *script.Script
	Document *document.Document // nil where the episode is made of an edited plan, or of its folder
	Base     string             // folder that the images of the document and the script are relative to
	Address  string             // of the episode's folder on the web; empty where nobody knows it
	Cues     []podcast.Cue      // one a segment, in order
	Clocks   []*cue.Clock       // one a segment: when each place of what it says is heard
	Takes    []Take             // one a segment, in order
	Energies []float32          // of the decoded sound, 100 ms each: mean square after the filter of ITU-R BS.1770-4, summed over the channels
	Art      Art
	Article  []byte            // its text as a page shows it; nil without a page
	Images   map[string]string // of the article: name in the folder → the file it is a copy of
	Last     string            // folder of the last build of the episode; empty without one
}

// Publisher writes files of one kind into a folder that nobody reads yet. What
// it writes depends on the material alone.
type Publisher struct {
	Name  string // for messages
	Write func(ctx context.Context, dir string, m *Material) ([]File, error)
}

// WriteAll runs publishers side by side. Their files come in the order of the
// publishers.
func WriteAll(ctx context.Context, dir string, m *Material, all []Publisher) ([]File, error) {
	made := make([][]File, len(all))
	g, ctx := errgroup.WithContext(ctx)
	for i, p := range all {
		g.Go(func() error {
			var err error
			if made[i], err = p.Write(ctx, dir, m); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var files []File
	for _, f := range made {
		files = append(files, f...)
	}
	return files, nil
}
