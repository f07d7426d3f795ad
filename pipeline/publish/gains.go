package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// gainsNote is the name of a file's gains in its tag.
const gainsNote = "narrapress gains"

// MP3With is [MP3] for a file that has no manifest beside it: the gains that
// the next build of it keeps stand in its own tag.
func MP3With(ctx context.Context, dst string, sound Sound, ep podcast.Episode, show podcast.Show, art Art, gains Gains) (podcast.Enclosure, error) {
	note, err := json.Marshal(gains)
	if err != nil {
		return podcast.Enclosure{}, fmt.Errorf("tag %s: %w", dst, err)
	}
	t := tag(ep, show, art)
	t.Notes = []id3.Note{{Name: gainsNote, Text: string(note)}}
	return writeMP3(ctx, dst, sound, t)
}

// ReadGains reads what MP3With wrote. Where nothing was written, or there is
// no file, the error wraps fs.ErrNotExist.
func ReadGains(path string) (*Gains, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &readError{path, err}
	}
	if !info.Mode().IsRegular() {
		return nil, &readError{path, fs.ErrNotExist}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &readError{path, err}
	}
	defer f.Close()
	t, err := id3.Read(f)
	if err != nil {
		return nil, &readError{path, err}
	}
	for _, n := range t.Notes {
		if n.Name != gainsNote {
			continue
		}
		var g Gains
		if err := json.Unmarshal([]byte(n.Text), &g); err != nil {
			return nil, fmt.Errorf("read the gains in %s: %w", path, err)
		}
		return &g, nil
	}
	return nil, &readError{path, fs.ErrNotExist}
}
