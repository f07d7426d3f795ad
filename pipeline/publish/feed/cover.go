package feed

import (
	"fmt"

	"github.com/narrapress/narrapress/internal/art"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// cover puts the show's cover beside the feed, as directories take it, or one
// that is drawn of its title.
func (f *feed) cover() error {
	path := f.o.Show.Cover
	if path == "" {
		b, err := art.Cover(oneLine(f.o.Show.Title), oneLine(f.o.Show.Author))
		if err != nil {
			return err
		}
		return f.putCover(b)
	}
	b, err := publish.ReadImage(path)
	if err != nil {
		return fmt.Errorf("show.cover: %w", err)
	}
	info, err := art.Look(b)
	if err != nil {
		return fmt.Errorf("show.cover: %s: %w", path, err)
	}
	for _, fault := range info.CoverFaults() {
		f.find("show.cover: %s: %s", path, fault)
	}
	return f.putCover(b)
}

func (f *feed) putCover(cover []byte) error {
	fitted, err := publish.ShowCover(cover)
	if err != nil {
		return fmt.Errorf("show.cover: %w", err)
	}
	name := publish.ShowCoverName(cover)
	f.art = f.address(name)
	return f.write(name, fitted)
}
