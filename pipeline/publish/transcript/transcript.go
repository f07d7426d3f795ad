// Package transcript answers how an episode can be read: WebVTT and SubRip for
// players, Podcasting 2.0's JSON for apps, plain text and HTML for people. It
// shows what the author wrote, when it is heard ([cue.Clock]).
package transcript

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Options are a show's settings of the files in which an episode can be read.
type Options struct {
	Formats       []string `yaml:"formats" json:"formats"`             // of Formats
	Announcements string   `yaml:"announcements" json:"announcements"` // Keep or Drop
}

// Whether a transcript has the announcements of the script.
const (
	Keep = "keep"
	Drop = "drop"
)

// Defaults are all formats, with everything that is heard.
func Defaults() Options {
	return Options{Formats: Formats(), Announcements: Keep}
}

// format is a kind of transcript.
type format struct {
	name      string // in a show's file
	ending    string // of the file
	mediaType string // Podcasting 2.0, docs/tags/transcript.md
	write     func(*bytes.Buffer, *transcript) error
}

func formats() []format {
	return []format{
		{"vtt", ".vtt", "text/vtt", writeVTT},
		{"srt", ".srt", "application/x-subrip", writeSRT},
		{"json", ".transcript.json", "application/json", writeJSON},
		{"txt", ".transcript.txt", "text/plain", writeText},
		{"html", ".transcript.html", "text/html", writeHTML},
	}
}

// Formats are the names of the formats there are.
func Formats() []string {
	var out []string
	for _, f := range formats() {
		out = append(out, f.name)
	}
	return out
}

// Endings are how the names of the files end that o asks for.
func Endings(o Options) []string {
	var out []string
	for _, f := range formats() {
		if slices.Contains(o.Formats, f.name) {
			out = append(out, f.ending)
		}
	}
	return out
}

// Publisher writes the transcripts of an episode. A format that is named twice
// is written once.
func Publisher(o Options) publish.Publisher {
	return publish.Publisher{Name: "transcripts", Write: func(ctx context.Context, dir string, m *publish.Material) ([]publish.File, error) {
		var files []publish.File
		t := newTranscript(m, o)
		for _, f := range formats() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if !slices.Contains(o.Formats, f.name) {
				continue
			}
			path := filepath.Join(dir, m.Episode.Slug+f.ending)
			var b bytes.Buffer
			if err := f.write(&b, t); err != nil {
				return nil, fmt.Errorf("write %s: %w", path, err)
			}
			file, err := publish.WriteFile(path, b.Bytes())
			if err != nil {
				return nil, err
			}
			files = append(files, file.As(publish.KindTranscript, f.mediaType))
		}
		return files, nil
	}}
}

// transcript is what every format is written from.
type transcript struct {
	episode podcast.Episode
	show    podcast.Show
	parts   []part
}

// part is a segment as a transcript shows it.
type part struct {
	cue     *podcast.Cue
	segment *script.Segment
	chapter int // index in the script
	speaker string
	clock   *cue.Clock
	cue.Passage
}

func newTranscript(m *publish.Material, o Options) *transcript {
	t := &transcript{episode: m.Episode, show: m.Show}
	i := 0
	for place, seg := range m.Script.Segments() {
		p := part{cue: &m.Cues[i], segment: seg, chapter: place.Chapter, clock: m.Clocks[i]}
		i++
		p.Passage = cue.Show(seg, o.Announcements != Drop)
		p.speaker = cue.Plain(p.cue.Speaker)
		if p.Text != "" {
			t.parts = append(t.parts, p)
		}
	}
	return t
}

// line is a timed line of a transcript, in milliseconds.
type line struct {
	part       *part
	id         string // of the segment, and which of its lines it is
	rows       []string
	start, end int64
}

// timed gives lines their times in milliseconds: those of a part in it, none
// of no length, none over the next.
func (t *transcript) timed(of func(p *part) []line) []line {
	var out []line
	last := int64(0)
	for i := range t.parts {
		p := &t.parts[i]
		lines := of(p)
		end := max(milli(p.clock.End()), last)
		for j := range lines {
			l := &lines[j]
			l.part = p
			l.id = "s" + strconv.Itoa(p.cue.Segment)
			if j > 0 {
				l.id += "-" + strconv.Itoa(j+1)
			}
			// Those after it have to be in the part, too.
			l.start = max(last, min(l.start, end-int64(len(lines)-j)))
			l.end = max(l.start+1, min(l.end, end-int64(len(lines)-j-1)))
			last = l.end
		}
		out = append(out, lines...)
	}
	return out
}

// held keeps a line that would be shown for less than cue.Least while nothing
// follows it.
func (t *transcript) held(out []line) []line {
	for i := range out {
		next := max(out[i].end, milli(t.episode.Length))
		if i+1 < len(out) {
			next = out[i+1].start
		}
		out[i].end = max(out[i].end, min(next, out[i].start+milli(cue.Least)))
	}
	return out
}

// lines are those of a shape, to be shown.
func (t *transcript) lines(shape cue.Shape) []line {
	return t.held(t.timed(func(p *part) []line { return shaped(p.Passage, p.clock, shape) }))
}

func shaped(p cue.Passage, c *cue.Clock, shape cue.Shape) []line {
	var out []line
	for _, l := range cue.Lines(p, c, shape) {
		out = append(out, line{rows: l.Rows, start: milli(l.Start), end: milli(l.End)})
	}
	return out
}

func milli(s podcast.Seconds) int64 { return int64(math.Round(float64(s) * 1000)) }

// stamp is a time of a WebVTT or SubRip file.
func stamp(ms int64, point byte) []byte {
	two := func(b []byte, n int64) []byte {
		if n < 10 {
			b = append(b, '0')
		}
		return strconv.AppendInt(b, n, 10)
	}
	b := append(two(nil, ms/3_600_000), ':')
	b = append(two(b, ms/60_000%60), ':')
	b = append(two(b, ms/1000%60), point)
	if ms%1000 < 100 {
		b = append(b, '0')
	}
	return two(b, ms%1000)
}
