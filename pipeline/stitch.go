package pipeline

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Stitching is an episode to be put together of audio that was made elsewhere.
type Stitching struct {
	Pieces  []Piece
	Pause   time.Duration // between pieces that say nothing else
	Marks   []Mark        // chapters
	File    string        // path of the MP3
	Title   string        // of the episode; empty: by the file's name
	Fresh   bool          // ignore the levels of the file that is there
	Workers int           // blocks made at a time; 0 is one a core
}

// Piece is an audio file of a stitching.
type Piece struct {
	File  string         // path
	Pause *time.Duration // after it; nil is the stitching's
}

// Mark is where a chapter begins.
type Mark struct {
	Title string
	Link  string
	Piece int           // index in Pieces; or AllPieces
	At    time.Duration // from the beginning of the piece's file on
}

// AllPieces as a mark's piece counts its time through all the files, one
// behind the other as they are, without pauses.
const AllPieces = -1

// Stitched is what came of a stitching.
type Stitched struct {
	File    string          // path
	Episode podcast.Episode // its title, length, loudness, chapters
	Pieces  int
	Heard   int // pieces that were listened to now, and not before
	Blocks  int // of the sound
	Made    int // of them, those that were encoded now
	Elapsed time.Duration
}

// oneVoice is the voice of all pieces of a stitching: they are brought to the
// loudness of the show together, and keep their levels among each other.
const oneVoice = "audio"

// Stitch makes an MP3 of audio that was made elsewhere: each piece without the
// silence at its ends, pauses between them, tracks around them, at the show's
// loudness. It needs neither voices nor a store of takes; of the configuration
// it uses show, tracks, audio and output.cache. What it heard in a file is kept
// in the cache for as long as the file's size, time and place stay the same.
func Stitch(ctx context.Context, cfg *config.Config, s Stitching, o Options) (*Stitched, error) {
	p := newBare(cfg, o)
	w := p.watch(Order{Source: s.File})
	if len(s.Pieces) == 0 {
		return nil, errors.New("there is nothing to stitch")
	}
	cache, leave, err := p.workplace()
	if err != nil {
		return nil, err
	}
	defer leave()

	pieces, err := stage(ctx, w, Read, func(progress func(int, int, int)) ([]heard, error) {
		return listenTo(ctx, cache, hearingOf(cache, s.File), s.Pieces, p.o.Now, progress)
	})
	if err != nil {
		return nil, err
	}
	music, err := p.listen(ctx, Order{})
	if err != nil {
		return nil, &StageError{Stage: Mix, Err: err}
	}
	last := &publish.Gains{}
	if there, err := publish.ReadGains(s.File); err == nil && !s.Fresh {
		last = there
	}
	title := cmp.Or(s.Title, document.TitleFromName(s.File))
	timeline, err := stage(ctx, w, Mix, func(func(int, int, int)) (*mix.Timeline, error) {
		return p.lay(s, title, pieces, music, last)
	})
	if err != nil {
		return nil, err
	}
	opts := p.masterOptions(cache)
	opts.Workers = s.Workers
	opts.Last = lastLevels(*last)
	mastered, err := p.sound(ctx, w, timeline, hearings(pieces), opts)
	if err == nil {
		err = unchangedSince(pieces)
	}
	if err != nil {
		return nil, err
	}
	out := &Stitched{File: s.File, Pieces: len(pieces), Blocks: mastered.Blocks, Made: min(mastered.Made, mastered.Blocks)}
	for i := range pieces {
		if pieces[i].now {
			out.Heard++
		}
	}
	out.Episode = podcast.Episode{
		Title: title, Language: p.cfg.Show.Language,
		Length: timeline.Seconds(timeline.Frames), Loudness: mastered.Loudness, Chapters: chaptersOf(timeline),
	}
	_, err = stage(ctx, w, Publish, func(func(int, int, int)) (struct{}, error) {
		gains := gainsOf(mastered, timeline, "")
		return struct{}{}, p.writeStitched(ctx, s.File, mastered, out, gains)
	})
	out.Elapsed = w.elapsed()
	return out, err
}

// newBare is a press that makes sound and asks for none.
func newBare(cfg *config.Config, o Options) *Press {
	p := &Press{cfg: cfg, o: o}
	p.o.defaults()
	if dir := cfg.Output.Cache; dir != "" && os.MkdirAll(dir, 0o777) == nil {
		p.blocks = store.OpenCache(dir, store.Options{Now: p.o.Now})
	}
	return p
}

// workplace is the show's cache, or a folder that is gone after leave where
// there is none that can be written to.
func (p *Press) workplace() (cache *store.Cache, leave func(), err error) {
	if p.blocks != nil {
		return p.blocks, p.blocks.Sweep, nil
	}
	dir, err := os.MkdirTemp("", "narrapress-")
	if err != nil {
		return nil, nil, err
	}
	return store.OpenCache(dir, store.Options{Now: p.o.Now}), func() { os.RemoveAll(dir) }, nil
}

// lay lays out the pieces as the segments of a script.
func (p *Press) lay(s Stitching, title string, pieces []heard, m music, last *publish.Gains) (*mix.Timeline, error) {
	sc := &script.Script{Chapters: []script.Chapter{{Hidden: true}}}
	takes := make([]record.Take, len(pieces))
	opts := p.mixOptions(m)
	opts.VoiceTrims = last.Voices
	for i := range pieces {
		pause := s.Pause
		if own := s.Pieces[i].Pause; own != nil {
			pause = *own
		}
		sc.Chapters[0].Segments = append(sc.Chapters[0].Segments, script.Segment{Role: script.RoleBody, Pause: pause})
		takes[i] = record.Take{Ordinal: i + 1, Role: script.RoleBody, Voice: oneVoice, Key: pieceKey(i), Sound: pieces[i].Sound}
		if p.cfg.Audio.Formats.MP3.Channels == "auto" && pieces[i].Sound.Channels == 2 {
			opts.Channels = 2 // unlike speech engines, people record in stereo
		}
	}
	tl, err := mix.Arrange(sc, takes, opts)
	if err != nil {
		return nil, err
	}
	if tl.Chapters, err = p.marked(tl, s.Marks, pieces, title, m); err != nil {
		return nil, err
	}
	for i := range tl.Clips {
		// What is not held in memory is decoded as it is read, as tracks are.
		if c := &tl.Clips[i]; c.Take != "" {
			if h := &pieces[pieceOf(c.Take)]; h.Streamed {
				c.Track, c.Take = h.file, ""
			}
		}
	}
	return tl, nil
}

func (p *Press) writeStitched(ctx context.Context, file string, m *master.Master, out *Stitched, gains publish.Gains) error {
	var art publish.Art
	if cover := p.cfg.Show.Cover; cover != "" {
		var err error
		if art.Cover, err = publish.ReadImage(cover); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return unwritable(filepath.Dir(file), err)
	}
	small, findings := art.ForTags(p.blocks.With(nil))
	for _, f := range findings {
		p.emit(Event{Stage: Publish, Finding: f})
	}
	enclosure, err := publish.MP3With(ctx, file, m, out.Episode, p.cfg.Show, small, gains)
	if err == nil {
		out.Episode.Enclosure = &enclosure
	}
	return err
}
