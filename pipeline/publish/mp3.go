package publish

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// MediaTypeMP3 is the enclosure's (RFC 3003).
const MediaTypeMP3 = "audio/mpeg"

// Art is the pictures of an episode: whole JPEG or PNG files.
type Art struct {
	Cover  []byte            // nil without one
	Images map[string][]byte // of chapters, by Chapter.Image
}

// ReadImage reads a JPEG or PNG file of at most 16 MiB.
func ReadImage(path string) ([]byte, error) {
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
	case id3.ImageType(b) == "":
		return nil, fmt.Errorf("image %s: neither a JPEG nor a PNG file", path)
	}
	return b, nil
}

// MP3 writes the episode's file to dst: a tag with cover and chapters, and
// the MPEG frames of the file audio (a tag there is left behind). It changes
// nothing of the sound.
func MP3(ctx context.Context, dst, audio string, ep podcast.Episode, show podcast.Show, art Art) (podcast.Enclosure, error) {
	head, err := tag(ep, show, art).Encode()
	if err != nil {
		return podcast.Enclosure{}, fmt.Errorf("tag %s: %w", dst, err)
	}
	in, err := os.Open(audio)
	if err != nil {
		return podcast.Enclosure{}, &readError{audio, err}
	}
	defer in.Close()
	frames, err := skipTag(in)
	if err != nil {
		return podcast.Enclosure{}, &readError{audio, err}
	}
	f, err := write(dst, func(w io.Writer) error {
		if _, err := w.Write(head); err != nil {
			return err
		}
		return copyFrames(ctx, w, frames, audio)
	})
	if err != nil {
		return podcast.Enclosure{}, err
	}
	return podcast.Enclosure{File: f.Name, MediaType: MediaTypeMP3, Bytes: f.Bytes, SHA256: f.SHA256}, nil
}

func tag(ep podcast.Episode, show podcast.Show, art Art) *id3.Tag {
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
		Cover:       art.Cover,
	}
	for _, c := range ep.Chapters {
		t.Chapters = append(t.Chapters, id3.Chapter{
			Title: c.Title, Start: c.Start.Duration(), End: c.End.Duration(), Link: c.Link, Image: art.Images[c.Image],
		})
	}
	return t
}

// skipTag reads r from behind the tag that may be at its head.
func skipTag(r io.ReadSeeker) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 16)
	head, err := b.Peek(10)
	if err != nil {
		return nil, fmt.Errorf("it holds no MPEG frame")
	}
	n, _ := id3.Size([10]byte(head)) // 0 without a tag
	if _, err := r.Seek(n, io.SeekStart); err != nil {
		return nil, err
	}
	b.Reset(r)
	// Every MPEG frame begins with eleven set bits (ISO 11172-3, section 2.4.2.3).
	sync, err := b.Peek(2)
	if err != nil || sync[0] != 0xff || sync[1]&0xe0 != 0xe0 {
		return nil, fmt.Errorf("it is not an MP3 file")
	}
	return b, nil
}

func copyFrames(ctx context.Context, w io.Writer, r io.Reader, name string) error {
	buf := make([]byte, 1<<18)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return &readError{name, err}
		}
	}
}
