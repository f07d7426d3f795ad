package publish

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/internal/tags/mp4"
	"github.com/narrapress/narrapress/internal/tags/riff"
	"github.com/narrapress/narrapress/internal/tags/vorbis"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// genre is what players file episodes under.
const genre = "Podcast"

// container is a kind of file that holds the sound of an episode beside its MP3.
type container struct {
	mediaType string
	// write copies a file to w with a tag.
	write func(w io.Writer, src *os.File, size int64, t *id3.Tag) error
}

// containers are known by the end of a file's name.
var containers = map[string]container{
	".m4a":  {"audio/x-m4a", writeMP4(mp4.KindPodcast)}, // as Apple's guide to RSS names it
	".m4b":  {"audio/mp4", writeMP4(mp4.KindAudiobook)}, // RFC 4337
	".opus": {"audio/ogg", writeOpus},                   // RFC 5334
	".flac": {"audio/flac", writeFLAC},                  // RFC 9639
	".wav":  {"audio/wav", writeWAV},                    // WHATWG MIME Sniffing; it is not registered
}

// Tagged writes the tag of an episode into the file at path, which an encoder
// made: what the tag of its MP3 says, cover and chapters as well, as far as the
// container has a place for it. The sound stays as it is.
func Tagged(ctx context.Context, path string, ep podcast.Episode, show podcast.Show, art Art) (File, error) {
	c, ok := containers[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return File{}, fmt.Errorf("tag %s: it is none of the formats that are made here", path)
	}
	f, err := write(path, func(w io.Writer) error {
		src, err := os.Open(path)
		if err != nil {
			return &readError{path, err}
		}
		defer src.Close()
		info, err := src.Stat()
		if err != nil {
			return &readError{path, err}
		}
		return c.write(&until{ctx: ctx, w: w}, src, info.Size(), tag(ep, show, art))
	})
	return f.As(KindAudio, c.mediaType), err
}

func writeMP4(kind int) func(io.Writer, *os.File, int64, *id3.Tag) error {
	return func(w io.Writer, src *os.File, size int64, t *id3.Tag) error {
		out := &mp4.Tag{
			Title: t.Title, Artist: t.Artist, Album: t.Album, AlbumArtist: t.AlbumArtist, Genre: genre, Language: t.Language,
			Date: t.Date, Comment: t.Comment, Link: t.Link, Kind: kind, Cover: t.Cover,
		}
		for _, c := range t.Chapters {
			out.Chapters = append(out.Chapters, mp4.Chapter{Title: c.Title, Start: c.Start, End: c.End})
		}
		return mp4.Write(w, src, size, out)
	}
}

func vorbisTag(t *id3.Tag) *vorbis.Tag {
	out := &vorbis.Tag{
		Title: t.Title, Artist: t.Artist, Album: t.Album, AlbumArtist: t.AlbumArtist, Genre: genre, Language: t.Language,
		Date: t.Date, Comment: t.Comment, Link: t.Link, Cover: t.Cover,
	}
	for _, c := range t.Chapters {
		out.Chapters = append(out.Chapters, vorbis.Chapter{Title: c.Title, Start: c.Start, Link: c.Link})
	}
	return out
}

func writeOpus(w io.Writer, src *os.File, _ int64, t *id3.Tag) error {
	return vorbis.WriteOpus(w, src, vorbisTag(t))
}

func writeFLAC(w io.Writer, src *os.File, _ int64, t *id3.Tag) error {
	return vorbis.WriteFLAC(w, src, vorbisTag(t))
}

// writeWAV puts the MP3's tag into the file as well: players show nothing else
// of a WAV file's chapters and cover.
func writeWAV(w io.Writer, src *os.File, size int64, t *id3.Tag) error {
	whole, err := t.Encode()
	if err != nil {
		return err
	}
	out := &riff.Tag{
		Title: t.Title, Artist: t.Artist, Album: t.Album, Genre: genre, Language: t.Language,
		Date: t.Date, Comment: t.Comment, ID3: whole,
	}
	for _, c := range t.Chapters {
		out.Chapters = append(out.Chapters, riff.Chapter{Title: c.Title, Start: c.Start, End: c.End})
	}
	return riff.Write(w, src, size, out)
}
