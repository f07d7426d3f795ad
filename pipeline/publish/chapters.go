package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"sort"
	"strconv"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// MediaTypeChapters is that of a chapters file (Podcasting 2.0, JSON Chapters).
const MediaTypeChapters = "application/json+chapters"

// chaptersVersion is the version of the JSON Chapters format
// (podcast-namespace, docs/examples/chapters/jsonChapters.md).
const chaptersVersion = "1.2.0"

type chaptersFile struct {
	Version  string        `json:"version"`
	Chapters []jsonChapter `json:"chapters"`
}

type jsonChapter struct {
	Start milliseconds `json:"startTime"`
	End   milliseconds `json:"endTime"`
	Title string       `json:"title,omitempty"`
	Image string       `json:"img,omitempty"`
	Link  string       `json:"url,omitempty"`
}

// milliseconds is a time in seconds, written to the millisecond: as fine as
// the same chapter in the MP3's tag.
type milliseconds float64

func (m milliseconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Round(float64(m)*1000)/1000, 'f', -1, 64), nil
}

// ChaptersFile publishes the chapters file. It names the images of chapters
// where the episode's address is known.
func ChaptersFile() Publisher {
	return Publisher{Name: "chapters file", Write: func(_ context.Context, dir string, m *Material) ([]File, error) {
		ep := m.Episode
		ep.Chapters = slices.Clone(ep.Chapters)
		for i := range ep.Chapters {
			c := &ep.Chapters[i]
			if name := chapterImage(m, c.Image); name != "" {
				c.Image = m.At(name)
			}
		}
		f, err := Chapters(filepath.Join(dir, ep.Slug+".chapters.json"), ep)
		return []File{f}, err
	}}
}

// Chapters writes the episode's chapters to dst, in order of time, as
// Podcasting 2.0 has them. An image is named where it is an address on the
// web: a path on this machine is of no use to a listener.
func Chapters(dst string, ep podcast.Episode) (File, error) {
	out := chaptersFile{Version: chaptersVersion, Chapters: []jsonChapter{}}
	for _, c := range ep.Chapters {
		jc := jsonChapter{Start: milliseconds(c.Start), End: milliseconds(c.End), Title: c.Title, Link: c.Link}
		if onWeb(c.Image) {
			jc.Image = c.Image
		}
		out.Chapters = append(out.Chapters, jc)
	}
	sort.SliceStable(out.Chapters, func(i, j int) bool { return out.Chapters[i].Start < out.Chapters[j].Start })
	b, err := marshal(out)
	if err != nil {
		return File{}, writeError(dst, err)
	}
	f, err := WriteFile(dst, b)
	return f.As(KindChapters, MediaTypeChapters), err
}

func onWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// marshal is JSON for people: indented, with & and < as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
