package cli

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// inspectProbed shows an audio file without an ID3 tag: what ffprobe knows of
// it, and what is measured.
func inspectProbed(ctx context.Context, path string) (*inspection, error) {
	p, err := audio.ProbeFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("%s: this is no audio file: %w", path, err)
	}
	tag := func(names ...string) string {
		for _, name := range names {
			if v := strings.TrimSpace(p.Tags[name]); v != "" {
				return v
			}
		}
		return ""
	}
	in := &inspection{
		Title: cmp.Or(tag("title"), filepath.Base(path)), Author: tag("artist", "author", "album_artist"), Show: tag("album", "show"),
		Language: tag("language"), Date: tag("date", "creation_time"), Link: tag("contact", "website", "url", "purl"),
		Length: podcast.Seconds(p.Length), Cover: p.Cover, Codec: p.Codec, Chapters: []podcast.Chapter{},
	}
	if in.Language == "und" { // not said (ISO 639-2)
		in.Language = ""
	}
	for _, c := range p.Chapters {
		in.Chapters = append(in.Chapters, podcast.Chapter{Title: c.Title, Start: podcast.Seconds(c.Start), End: podcast.Seconds(c.End)})
	}
	return in, in.measure(ctx, path)
}

// faults are what is wrong with a file by itself: its chapters, its length and
// its peak.
func (in *inspection) faults() []string {
	// lengthSlack is how far players let a tag's length be off: 50 ms, which
	// nobody sees.
	const lengthSlack = 0.05
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	at := podcast.Seconds(0)
	for i, c := range in.Chapters {
		switch {
		case c.Start < at-0.001:
			say("chapter %d (%s) begins at %.3f s, before the one ahead of it ends", i+1, c.Title, float64(c.Start))
		case c.End < c.Start:
			say("chapter %d (%s) ends before it begins", i+1, c.Title)
		}
		if strings.TrimSpace(c.Title) == "" {
			say("chapter %d has no title", i+1)
		}
		at = max(at, c.End)
	}
	m := in.Measured
	if m == nil {
		return out
	}
	if len(in.Chapters) > 0 && float64(at-m.Length) > lengthSlack {
		say("the last chapter ends at %.3f s, behind the end of the sound at %.3f s", float64(at), float64(m.Length))
	}
	if in.Length > 0 && math.Abs(float64(in.Length-m.Length)) > lengthSlack {
		say("it says %.3f s of itself, and plays %.3f s", float64(in.Length), float64(m.Length))
	}
	if m.Loudness.TruePeak > 0 {
		say("its true peak is %v: players clip it", m.Loudness.TruePeak)
	}
	return out
}
