package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// aacPacket is how many frames a packet of AAC plays (ISO/IEC 14496-3, 4.5.2).
// An MP4 says which of the last packet's are of the sound, but not every
// decoder leaves out the others.
const aacPacket = 1024

// otherFormat says whether a file is named as one of the formats beside the MP3.
func otherFormat(path string) bool {
	return slices.Contains([]string{".m4a", ".m4b", ".opus", ".flac", ".wav"}, strings.ToLower(filepath.Ext(path)))
}

// inspectOther shows a file of another format than MP3: what it says of itself,
// if it can be read, and what is measured of it.
func inspectOther(ctx context.Context, path string) (*inspection, error) {
	tags, err := publish.ReadTags(path)
	if err != nil { // of another program, in a way that only ffprobe knows
		return inspectProbed(ctx, path)
	}
	in := &inspection{Title: filepath.Base(path), Chapters: []podcast.Chapter{}}
	if err := in.measure(ctx, path); err != nil {
		return nil, err
	}
	in.Title = cmp.Or(tags.Title, in.Title)
	in.Author, in.Show, in.Language, in.Link, in.Cover = tags.Author, tags.Show, tags.Language, tags.Link, tags.Cover
	in.Length = cmp.Or(tags.Length, in.Measured.Length)
	if !tags.Date.IsZero() {
		in.Date = tags.Date.Format(time.DateOnly)
	}
	in.Chapters = append(in.Chapters, tags.Chapters...)
	if n := len(in.Chapters); n > 0 && in.Chapters[n-1].End == 0 {
		in.Chapters[n-1].End = in.Measured.Length
	}
	return in, nil
}

// hear decodes the formats beside the MP3 and compares them with what the
// manifest says.
func (in *inspection) hear(ctx context.Context, dir string) error {
	for _, f := range in.Formats {
		m, err := measure(ctx, filepath.Join(dir, filepath.FromSlash(f.File)))
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			in.Faults = append(in.Faults, err.Error())
			continue
		}
		in.Heard = append(in.Heard, m)
		slack := 0.0
		if ext := filepath.Ext(f.File); ext == ".m4a" || ext == ".m4b" {
			slack = aacPacket
		}
		frames := float64(m.Frames)
		if m.Rate != f.Rate || m.Channels != f.Channels || frames < float64(f.Frames)-1 || frames > float64(f.Frames)+slack+1 {
			in.Faults = append(in.Faults, fmt.Sprintf("%s plays %s, where the manifest says %s", m.File, m.shape(), formatText(f)))
		}
		if f.Loudness != nil {
			in.louder(m, *f.Loudness)
		}
	}
	return nil
}

func (m *measured) shape() string {
	return fmt.Sprintf("%.3f s, %d Hz, %s", float64(m.Length), m.Rate, count(m.Channels, "channel"))
}

func (m *measured) text() string { return m.shape() + ", " + loudnessText(m.Loudness) }

// formatText is a format as the manifest has it.
func formatText(f publish.Format) string {
	s := fmt.Sprintf("%s: %.3f s, %d Hz, %s", f.File, float64(f.Frames)/float64(max(f.Rate, 1)), f.Rate, count(f.Channels, "channel"))
	if f.Loudness != nil {
		s += ", " + loudnessText(*f.Loudness)
	}
	return s
}
