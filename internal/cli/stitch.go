package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// stitchOptions are the flags and arguments of stitch.
type stitchOptions struct {
	*globals
	Audio    []string
	List     string
	Out      string
	Chapters string
	Title    string
	Pause    time.Duration
	Workers  int
	Fresh    bool
	settings map[string]string // of the show's file, by key: flags over it
}

// stitchFlags are the flags of stitch that are settings of a show.
func stitchFlags() []struct{ name, setting, usage string } {
	return []struct{ name, setting, usage string }{
		{"intro", "tracks.intro.file", "music before the audio, from `FILE`; '' is none"},
		{"credits", "tracks.credits.file", "music after it, from `FILE`; '' is none"},
		{"loudness", "audio.loudness", "integrated `LUFS` of the file"},
		{"peak", "audio.peak", "highest true peak, in `dBTP`"},
		{"bitrate", "audio.formats.mp3.bitrate", "constant, in `KB/S`; 0 is 96 for mono and 128 for stereo"},
		{"channels", "audio.formats.mp3.channels", "`auto`, mono or stereo; auto is stereo where any of the audio is"},
		{"author", "show.author", "`NAME` for the tag"},
		{"show", "show.title", "`TITLE` of the show, for the tag"},
		{"cover", "show.cover", "picture for the tag, a JPEG or PNG `FILE`"},
	}
}

func newStitch(g *globals, s Streams) *cobra.Command {
	o := stitchOptions{globals: g, settings: map[string]string{}}
	c := &cobra.Command{
		Use:   "stitch AUDIO… -o FILE",
		Short: "Make one file of audio that was made elsewhere",
		Long: `stitch puts audio files together, in order, into one MP3: each without the silence
at its ends, pauses between them, music around them, all of them as one voice at
one loudness. AUDIO is a file (WAV, MP3, FLAC, Ogg, M4A …), a pattern such as
'takes/*.wav', or @LIST: a file that names them, as --list does.

A list has a path or a pattern a line, relative to the list; behind a tab the
pause after it, such as 700ms, and behind another tab the title of the chapter
that begins with it. Lines that begin with # are left out.

A file of chapters has lines TIME TITLE or AUDIO<tab>TITLE, or is JSON Chapters
as Podcasting 2.0 has them. Times (1:02:03.5) count through the audio files as
they are, one behind the other; pauses, music and silence that is left out are
accounted for. AUDIO is the file that a chapter begins with.

It asks no endpoint for anything. A show's file beside the first audio file or
above it is used where there is one, for its tracks, levels and tags. What was
heard and encoded is kept in the cache: stitching again after an edit makes what
the edit touched. The levels are kept, too, unless the loudness would be off by
more than 0.3 LU (--fresh measures them anew).`,
		Example: `  narrapress stitch part1.wav part2.wav -o episode.mp3
  narrapress stitch 'takes/*.wav' --pause 700ms --intro theme.mp3 -o episode.mp3
  narrapress stitch @list.txt --title "Chapter One" --author "A. Author" -o one.mp3
  narrapress stitch talk.m4a --chapters chapters.txt --loudness -19 -o talk.mp3`,
		Args: between(0, -1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			o.Audio = args
			for _, f := range stitchFlags() {
				if flag := c.Flags().Lookup(f.name); flag.Changed {
					o.settings[f.setting] = flag.Value.String()
				}
			}
			return runStitch(c.Context(), o, s)
		},
	}
	f := c.Flags()
	f.StringVarP(&o.Out, "output", "o", "", "`FILE` that is written, an .mp3")
	f.StringVar(&o.List, "list", "", "`FILE` that names the audio, after that of the command line; - is standard input")
	f.StringVar(&o.Chapters, "chapters", "", "`FILE` that names the chapters")
	f.DurationVar(&o.Pause, "pause", 700*time.Millisecond, "silence between two files, at least about 50ms")
	f.StringVar(&o.Title, "title", "", "title of the episode; else the file's name")
	for _, setting := range stitchFlags() {
		f.String(setting.name, "", setting.usage)
	}
	f.BoolVar(&o.Fresh, "fresh", false, "measure levels anew instead of keeping those of the file that is there")
	f.IntVar(&o.Workers, "workers", 0, "parts that are encoded at a time; 0 is one a core")
	return c
}

func (o *stitchOptions) validate() error {
	switch {
	case o.Out == "":
		return misuse("-o is missing: name the file that is to be written, such as -o episode.mp3")
	case !strings.EqualFold(filepath.Ext(o.Out), ".mp3"):
		return misuse("-o %s: it is an .mp3 file that is written", o.Out)
	case o.Pause < 0 || o.Pause > mostPause:
		return misuse("--pause is 0s to %s, not %s", mostPause, o.Pause)
	case o.Workers < 0:
		return misuse("--workers is a number from 1 on, or 0 for one a core, not %d", o.Workers)
	case len(o.Audio) == 0 && o.List == "":
		return misuse("an AUDIO is missing")
	}
	return nil
}

// runStitch stitches and says what came of it.
func runStitch(ctx context.Context, o stitchOptions, s Streams) error {
	if err := o.validate(); err != nil {
		return err
	}
	pieces, err := o.pieces(ctx, s)
	if err != nil {
		return err
	}
	st := pipeline.Stitching{
		Pause: o.Pause, File: o.Out, Title: o.Title, Fresh: o.Fresh, Workers: o.Workers,
	}
	for i, p := range pieces {
		st.Pieces = append(st.Pieces, pipeline.Piece{File: p.file, Pause: p.pause})
		if p.title != "" {
			st.Marks = append(st.Marks, pipeline.Mark{Title: p.title, Piece: i})
		}
	}
	if o.Chapters != "" {
		marks, err := readMarks(o.Chapters, pieces)
		if err != nil {
			return err
		}
		st.Marks = append(st.Marks, marks...)
	}
	cfg, err := o.show(ctx, pieces[0].file, s)
	if err != nil {
		return err
	}
	if err := o.overwrites(pieces, cfg); err != nil {
		return err
	}
	d := newDisplay(s, o.globals)
	d.begin(o.Out, 1, 1)
	out, err := pipeline.Stitch(ctx, cfg, st, pipeline.Options{
		Version: programVersion(), Log: o.logger(s), Observe: d.observe,
	})
	d.end()
	switch {
	case err != nil:
		return err
	case o.JSON:
		return writeJSON(s.Out, newStitchDocument(out))
	case !o.Quiet:
		io.WriteString(s.Out, stitchText(out, s, paint(s.colours(s.OutTerminal))))
	}
	return nil
}

// show is the configuration of the show that a file belongs to.
func (o *stitchOptions) show(ctx context.Context, first string, s Streams) (*config.Config, error) {
	sh := newShows(o.globals, s, "", nil)
	sh.flags = o.settings
	return sh.config(ctx, first)
}

// overwrites refuses an output that is one of the inputs.
func (o *stitchOptions) overwrites(pieces []listed, cfg *config.Config) error {
	out, err := os.Stat(o.Out)
	if err != nil {
		return nil //nolint:nilerr // it is not there
	}
	if out.IsDir() {
		return misuse("-o %s is a folder: name the file that is to be written", o.Out)
	}
	type input struct{ file, what string }
	inputs := []input{{o.List, "the list"}, {o.Chapters, "the file of chapters"}}
	for _, p := range pieces {
		inputs = append(inputs, input{p.file, "one of the files to be stitched"})
	}
	for _, t := range cfg.Tracks.Named() {
		inputs = append(inputs, input{t.File, "the " + t.Name + " track"})
	}
	for _, i := range inputs {
		if in, err := os.Stat(i.file); err == nil && os.SameFile(in, out) {
			return misuse("-o %s is %s: name another one", o.Out, i.what)
		}
	}
	return nil
}

// stitchDocument is what --json writes. Lengths are seconds.
type stitchDocument struct {
	Version  int               `json:"version"` // of this document's shape
	File     string            `json:"file"`
	Bytes    int64             `json:"bytes"`
	SHA256   string            `json:"sha256"`
	Title    string            `json:"title"`
	Length   podcast.Seconds   `json:"length"`
	Loudness podcast.Loudness  `json:"loudness"`
	Chapters []podcast.Chapter `json:"chapters"`
	Audio    int               `json:"audio"`   // files
	Heard    int               `json:"heard"`   // of them, those that were not in the cache
	Blocks   int               `json:"blocks"`  // parts of the sound
	Encoded  int               `json:"encoded"` // of them, those that were not in the cache
	Seconds  float64           `json:"seconds"` // that it took
}

func newStitchDocument(r *pipeline.Stitched) stitchDocument {
	e := r.Episode
	return stitchDocument{
		Version: 1, File: r.File, Bytes: e.Enclosure.Bytes, SHA256: e.Enclosure.SHA256, Title: e.Title, Length: e.Length,
		Loudness: e.Loudness, Chapters: e.Chapters, Audio: r.Pieces, Heard: r.Heard, Blocks: r.Blocks, Encoded: r.Made,
		Seconds: r.Elapsed.Seconds(),
	}
}

// stitchText is a finished file as a person wants to see it.
func stitchText(r *pipeline.Stitched, s Streams, p paint) string {
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "  %-10s %s\n", name, value) }
	e := r.Episode
	fmt.Fprintln(&b, p.bold(harmless(e.Title)))
	row("file", s.short(r.File))
	row("length", clockTime(e.Length.Duration()))
	for i, c := range e.Chapters {
		name := ""
		if i == 0 {
			name = "chapters"
		}
		row(name, fmt.Sprintf("%7s  %s", startTime(c.Start), harmless(c.Title)))
	}
	row("loudness", loudnessText(e.Loudness))
	row("audio", fmt.Sprintf("%s, %d heard before", count(r.Pieces, "file"), r.Pieces-r.Heard))
	row("encoded", fmt.Sprintf("%d of %s", r.Made, count(r.Blocks, "part")))
	row("took", clockTime(r.Elapsed))
	return b.String()
}
