package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/internal/tags/text"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// inspectOptions are the flags and arguments of inspect.
type inspectOptions struct {
	*globals
	Path   string
	Verify bool
}

func newInspect(g *globals, s Streams) *cobra.Command {
	o := inspectOptions{globals: g}
	c := &cobra.Command{
		Use:   "inspect FILE|FOLDER",
		Short: "Show what an episode holds",
		Long: `inspect shows what is in an audio file, of whatever program, or in an episode's
folder (its manifest). Of a file it shows tag and chapters, and length, loudness
and true peak as they are measured when it is decoded. Of a folder, --verify
decodes the audio of every format and compares it with the manifest, to the
sample and to 0.05 LU (more in the shortest), and checks every file against its hash there; each
difference is a line, and the exit code is 1. Of a file, --verify does the same
for what its tag says.`,
		Example: `  narrapress inspect out/my-post
  narrapress inspect out/my-post/my-post.mp3 --verify`,
		Args: between(1, 1, "a FILE or FOLDER"),
		RunE: func(c *cobra.Command, args []string) error {
			o.Path = args[0]
			return runInspect(c.Context(), o, s)
		},
	}
	c.Flags().BoolVar(&o.Verify, "verify", false, "decode and measure the audio, and check the hashes")
	return c
}

// inspection is what inspect tells. Times are seconds.
type inspection struct {
	Version  int               `json:"version"` // of this document's shape
	Path     string            `json:"path"`
	ID       string            `json:"id,omitempty"`
	Title    string            `json:"title"`
	Author   string            `json:"author,omitempty"`
	Show     string            `json:"show,omitempty"`
	Language string            `json:"language,omitempty"`
	Date     string            `json:"date,omitempty"`
	Link     string            `json:"link,omitempty"`
	Length   podcast.Seconds   `json:"length"`
	Chapters []podcast.Chapter `json:"chapters"`
	Cover    string            `json:"cover,omitempty"` // media type
	Segments int               `json:"segments,omitempty"`
	Voices   []string          `json:"voices,omitempty"`
	Files    []string          `json:"files,omitempty"`
	Loudness *podcast.Loudness `json:"loudness,omitempty"` // as the manifest has it
	Formats  []publish.Format  `json:"formats,omitempty"`  // beside the MP3, as the manifest has them
	Measured *measured         `json:"measured,omitempty"` // with --verify
	Heard    []measured        `json:"heard,omitempty"`    // with --verify: the formats beside the MP3
	Faults   []string          `json:"faults,omitempty"`   // of a folder, with --verify
	Codec    string            `json:"codec,omitempty"`    // of a file that was made elsewhere
	Gate     string            `json:"gate,omitempty"`     // what became of it at the release gate
	Edits    string            `json:"edits,omitempty"`    // file of a person's edits that are in it
	Verified bool              `json:"verified"`
}

type measured struct {
	File     string           `json:"file"`
	Length   podcast.Seconds  `json:"length"`
	Frames   int64            `json:"frames"` // one value a channel
	Rate     int              `json:"rate"`   // Hz
	Channels int              `json:"channels"`
	Loudness podcast.Loudness `json:"loudness"`
}

// runInspect shows an audio file or an episode's folder.
func runInspect(ctx context.Context, o inspectOptions, s Streams) error {
	info, err := os.Stat(o.Path)
	if err != nil {
		return fmt.Errorf("%s: there is no such file or folder", o.Path)
	}
	var in *inspection
	if info.IsDir() {
		in, err = inspectFolder(ctx, o.Path, o.Verify)
	} else {
		in, err = inspectFile(ctx, o.Path)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		in.Faults = in.faults()
	}
	in.Version, in.Path, in.Verified = 1, o.Path, o.Verify && len(in.Faults) == 0
	if o.JSON {
		err = writeJSON(s.Out, in)
	} else if !o.Quiet {
		io.WriteString(s.Out, in.text(paint(s.colours(s.OutTerminal))))
	}
	if err == nil && o.Verify && len(in.Faults) > 0 {
		return fmt.Errorf("%s", strings.Join(in.Faults, "\n"))
	}
	return err
}

func inspectFile(ctx context.Context, path string) (*inspection, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	defer f.Close()
	if otherFormat(path) {
		return inspectOther(ctx, path)
	}
	tag, err := id3.Read(f)
	if errors.Is(err, id3.ErrNoTag) {
		return inspectProbed(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	in := &inspection{
		Title: tag.Title, Author: tag.Artist, Show: tag.Album, Language: tag.Language, Link: tag.Link,
		Length: podcast.Seconds(tag.Length.Seconds()), Cover: text.ImageType(tag.Cover), Chapters: []podcast.Chapter{},
	}
	if !tag.Date.IsZero() {
		in.Date = tag.Date.Format(time.DateOnly)
	}
	for _, c := range tag.Chapters {
		in.Chapters = append(in.Chapters, podcast.Chapter{
			Title: c.Title, Start: podcast.Seconds(c.Start.Seconds()), End: podcast.Seconds(c.End.Seconds()), Link: c.Link,
		})
	}
	return in, in.measure(ctx, path)
}

func inspectFolder(ctx context.Context, dir string, verify bool) (*inspection, error) {
	m, err := publish.ReadManifest(dir)
	if err != nil {
		return nil, fmt.Errorf("%s is no finished episode: %w", dir, err)
	}
	e := m.Episode
	in := &inspection{
		ID: e.ID, Title: e.Title, Author: e.Author, Language: e.Language, Link: e.Link, Length: e.Length,
		Chapters: e.Chapters, Segments: len(m.Takes), Loudness: &e.Loudness,
	}
	if !e.Date.IsZero() {
		in.Date = e.Date.Format(time.DateOnly)
	}
	seen := map[string]bool{}
	for _, t := range m.Takes {
		if !seen[t.Voice] {
			seen[t.Voice] = true
			in.Voices = append(in.Voices, t.Voice)
		}
	}
	for _, f := range m.Files {
		in.Files = append(in.Files, f.Name)
	}
	if m.Source.Overlay != nil {
		in.Edits = m.Source.Overlay.Name
	}
	in.Formats = m.Formats
	if m.Gate != nil {
		in.Gate = gateText(dir, m)
	}
	if !verify {
		return in, nil
	}
	return in, in.compare(ctx, dir, m)
}

// measure decodes the episode's audio file.
func (in *inspection) measure(ctx context.Context, path string) error {
	m, err := measure(ctx, path)
	if err == nil {
		in.Measured = &m
	}
	return err
}

// measure decodes an audio file as a player does.
func measure(ctx context.Context, path string) (measured, error) {
	h, err := master.Hear(ctx, path)
	if err != nil {
		return measured{}, fmt.Errorf("decoding %s: %w", path, err)
	}
	return measured{
		File: path, Length: podcast.Seconds(float64(h.Frames) / float64(h.Rate)), Frames: h.Frames,
		Rate: h.Rate, Channels: h.Channels, Loudness: h.Loudness,
	}, nil
}

func (in *inspection) text(p paint) string {
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", name, value)
		}
	}
	title := in.Title
	if title == "" {
		title = "(untitled)"
	}
	b.WriteString(p.bold(title) + "\n")
	row("id", in.ID)
	row("show", in.Show)
	row("author", in.Author)
	row("language", in.Language)
	row("date", in.Date)
	row("link", in.Link)
	row("edits", in.Edits)
	row("cover", in.Cover)
	if in.Length > 0 {
		row("length", clockTime(in.Length.Duration()))
	}
	for i, c := range in.Chapters {
		name := ""
		if i == 0 {
			name = "chapters"
		}
		fmt.Fprintf(&b, "  %-10s %7s  %s\n", name, startTime(c.Start), c.Title)
	}
	if in.Segments > 0 {
		row("segments", fmt.Sprintf("%d, by %s", in.Segments, strings.Join(in.Voices, ", ")))
	}
	row("files", strings.Join(in.Files, ", "))
	for i, f := range in.Formats {
		name := ""
		if i == 0 {
			name = "formats"
		}
		row(name, formatText(f))
	}
	row("codec", in.Codec)
	row("gate", in.Gate)
	if l := in.Loudness; l != nil {
		row("loudness", loudnessText(*l))
	}
	if m := in.Measured; m != nil {
		row("measured", m.text())
	}
	for _, m := range in.Heard {
		row("", filepath.Base(m.File)+": "+m.text())
	}
	for i, f := range in.Faults {
		name := ""
		if i == 0 {
			name = "faults"
		}
		row(name, p.yellow(f))
	}
	if in.Verified {
		row("verified", p.green("the audio decodes and the hashes hold"))
	}
	return b.String()
}

func loudnessText(l podcast.Loudness) string {
	return fmt.Sprintf("%v integrated, true peak %v", l.Integrated, l.TruePeak)
}
