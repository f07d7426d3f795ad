package publish

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/internal/tags/mp4"
	"github.com/narrapress/narrapress/internal/tags/riff"
	"github.com/narrapress/narrapress/internal/tags/text"
	"github.com/narrapress/narrapress/internal/tags/vorbis"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Tags are what an audio file says of itself, of whatever kind it is.
type Tags struct {
	Title    string
	Author   string
	Show     string
	Language string
	Link     string
	Date     time.Time
	Length   podcast.Seconds // 0 where the tag does not say
	Cover    string          // media type; empty without one
	Chapters []podcast.Chapter
}

// ReadTags reads the tag of an audio file, by what its first bytes say it is. In
// Opus and FLAC a chapter has no end: the last ends with the file, whose length
// is not known here, and its End is 0. The error wraps id3.ErrNoTag where there
// is no tag of any kind that is known.
func ReadTags(path string) (*Tags, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &readError{path, err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, &readError{path, err}
	}
	var head [12]byte
	n, _ := f.ReadAt(head[:], 0)
	t, err := readTags(f, head[:n], info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

func readTags(f *os.File, head []byte, size int64) (*Tags, error) {
	switch {
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		t, err := mp4.Read(f, size)
		if err != nil {
			return nil, err
		}
		out := &Tags{
			Title: t.Title, Author: t.Artist, Show: t.Album, Language: t.Language, Link: t.Link, Date: t.Date,
			Length: podcast.Seconds(t.Length.Seconds()), Cover: text.ImageType(t.Cover),
		}
		for _, c := range t.Chapters {
			out.chapter(c.Title, c.Start, c.End, "")
		}
		return out, nil
	case bytes.HasPrefix(head, []byte("OggS")), bytes.HasPrefix(head, []byte("fLaC")):
		t, err := vorbis.Read(f)
		if err != nil {
			return nil, err
		}
		out := &Tags{
			Title: t.Title, Author: t.Artist, Show: t.Album, Language: t.Language, Link: t.Link, Date: t.Date, Cover: text.ImageType(t.Cover),
		}
		for i, c := range t.Chapters {
			var end time.Duration
			if i+1 < len(t.Chapters) {
				end = t.Chapters[i+1].Start
			}
			out.chapter(c.Title, c.Start, end, c.Link)
		}
		return out, nil
	case bytes.HasPrefix(head, []byte("RIFF")), bytes.HasPrefix(head, []byte("RF64")):
		t, err := riff.Read(f, size)
		if err != nil {
			return nil, err
		}
		return wavTags(t), nil
	}
	t, err := id3.Read(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, err
	}
	return id3Tags(t), nil
}

// wavTags are those of the ID3 tag inside, which says more; what it does not
// say, the file's own words and cue points do.
func wavTags(w *riff.Tag) *Tags {
	out := &Tags{}
	if t, err := id3.Read(bytes.NewReader(w.ID3)); err == nil {
		out = id3Tags(t)
	}
	out.Title, out.Author = cmp.Or(out.Title, w.Title), cmp.Or(out.Author, w.Artist)
	out.Show, out.Language = cmp.Or(out.Show, w.Album), cmp.Or(out.Language, w.Language)
	if out.Date.IsZero() {
		out.Date = w.Date
	}
	if out.Length == 0 {
		out.Length = podcast.Seconds(float64(w.Frames) / float64(w.Rate))
	}
	if len(out.Chapters) == 0 {
		for _, c := range w.Chapters {
			out.chapter(c.Title, c.Start, c.End, "")
		}
	}
	return out
}

func id3Tags(t *id3.Tag) *Tags {
	out := &Tags{
		Title: t.Title, Author: t.Artist, Show: t.Album, Language: t.Language, Link: t.Link, Date: t.Date,
		Length: podcast.Seconds(t.Length.Seconds()), Cover: text.ImageType(t.Cover),
	}
	for _, c := range t.Chapters {
		out.chapter(c.Title, c.Start, c.End, c.Link)
	}
	return out
}

func (t *Tags) chapter(title string, start, end time.Duration, link string) {
	t.Chapters = append(t.Chapters, podcast.Chapter{
		Title: title, Start: podcast.Seconds(start.Seconds()), End: podcast.Seconds(end.Seconds()), Link: link,
	})
}
