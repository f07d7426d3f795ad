package publish

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/narrapress/narrapress/internal/art"
	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/internal/tags/text"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// MediaTypeMP3 is the enclosure's (RFC 3003).
const MediaTypeMP3 = "audio/mpeg"

// Art is the pictures of an episode: whole JPEG or PNG files, as their authors
// gave them.
type Art struct {
	Cover  []byte            // nil without one
	Images map[string][]byte // of chapters, by Chapter.Image
}

// ReadImage reads a JPEG or PNG file of at most 16 MiB, and of so many pixels as
// can be decoded.
func ReadImage(path string) ([]byte, error) {
	// Opening a named pipe would wait for its writer for ever.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("image %s: it is no file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read image %s: %w", path, cause(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, id3.MaxImage+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read image %s: %w", path, cause(err))
	case len(b) > id3.MaxImage:
		return nil, fmt.Errorf("image %s: larger than %d MiB: players load it before the first sound; use a smaller one", path, id3.MaxImage>>20)
	case text.ImageType(b) == "":
		return nil, fmt.Errorf("image %s: neither a JPEG nor a PNG file", path)
	}
	if _, err := art.Look(b); err != nil {
		return nil, fmt.Errorf("image %s: %w", path, err)
	}
	return b, nil
}

// Sound is an MP3 without tags.
type Sound interface {
	io.WriterTo
}

// MP3 writes the episode's file to dst: a tag with cover and chapters, and
// the MPEG frames of sound, of which it changes nothing.
func MP3(ctx context.Context, dst string, sound Sound, ep podcast.Episode, show podcast.Show, pictures Art) (podcast.Enclosure, error) {
	return writeMP3(ctx, dst, sound, tag(ep, show, pictures))
}

func writeMP3(ctx context.Context, dst string, sound Sound, t *id3.Tag) (podcast.Enclosure, error) {
	head, err := t.Encode()
	if err != nil {
		return podcast.Enclosure{}, fmt.Errorf("tag %s: %w", dst, err)
	}
	f, err := write(dst, func(w io.Writer) error {
		if _, err := w.Write(head); err != nil {
			return err
		}
		_, err := sound.WriteTo(&until{ctx: ctx, w: w})
		return err
	})
	if err != nil {
		return podcast.Enclosure{}, err
	}
	return podcast.Enclosure{File: f.Name, MediaType: MediaTypeMP3, Bytes: f.Bytes, SHA256: f.SHA256}, nil
}

// until is a writer that stops with its context.
type until struct {
	ctx context.Context
	w   io.Writer
}

func (u *until) Write(b []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, context.Cause(u.ctx)
	}
	return u.w.Write(b)
}

func tag(ep podcast.Episode, show podcast.Show, pictures Art) *id3.Tag {
	t := &id3.Tag{
		Title:       ep.Title,
		Artist:      cmp.Or(ep.Author, show.Author, show.Title),
		Album:       show.Title,
		AlbumArtist: cmp.Or(show.Author, show.Title),
		Language:    cmp.Or(ep.Language, show.Language),
		Date:        ep.Date,
		Length:      ep.Length.Duration(),
		Comment:     ep.Description,
		Link:        cmp.Or(ep.Link, show.Link),
		Cover:       pictures.Cover,
	}
	for _, c := range ep.Chapters {
		t.Chapters = append(t.Chapters, id3.Chapter{
			Title: c.Title, Start: c.Start.Duration(), End: c.End.Duration(), Link: c.Link, Image: pictures.Images[c.Image],
		})
	}
	return t
}
