package feed

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/narrapress/narrapress/internal/art"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Size of a show's cover, in pixels (Apple, "Artwork requirements").
const (
	leastCover = 1400
	mostCover  = 3000
)

// cover puts the show's cover beside the feed, or one that is drawn of its title.
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
	decode := png.DecodeConfig
	if bytes.HasPrefix(b, []byte{0xFF, 0xD8}) {
		decode = jpeg.DecodeConfig
	}
	var c image.Config
	if c, err = decode(bytes.NewReader(b)); err != nil {
		return fmt.Errorf("show.cover: %s: %w", path, err)
	}
	if c.Width != c.Height || c.Width < leastCover || c.Width > mostCover {
		f.find("show.cover: %s has %d × %d pixels: directories want it square, of %d to %d", path, c.Width, c.Height, leastCover, mostCover)
	}
	return f.putCover(b)
}

func (f *feed) putCover(cover []byte) error {
	name := publish.ShowCoverName(cover)
	f.art = f.address(name)
	return f.write(name, cover)
}
