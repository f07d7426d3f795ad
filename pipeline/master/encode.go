package master

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// What a file of another format may be off, as it is decoded, before it is
// made again: its loudness, in LU, and its true peak above the ceiling, in dB.
// Another codec overshoots by other amounts than the one for which the master
// was limited, and other channels have another loudness.
const (
	loudnessSlack = 0.3
	peakSlack     = 0.3
)

// encodings is how many times a file is made at most.
const encodings = 6

// Encoded is a file that was made of a master.
type Encoded struct {
	Format   Format
	Path     string
	Rate     int               // Hz
	Channels int               //
	Frames   int64             // as played
	Loudness *podcast.Loudness // as decoded; nil where the samples are the master's own
	Tries    int               // how many times it was made
	Off      bool              // its loudness or its peak is not what was asked for, after all tries

	gain    level.DB
	ceiling level.DBTP // of a limiter of its own; 0 is none
}

// Encode makes files of the sound, at path(format), all in one pass over it. A
// file that comes out too loud, too quiet or with too high a peak is made again
// with a gain or a limit of its own. What was written before an error stays.
func (m *Master) Encode(ctx context.Context, formats []Format, path func(Format) string, progress Progress) ([]Encoded, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	files := make([]Encoded, len(formats))
	left := make([]*Encoded, len(formats))
	for i, f := range formats {
		shape := f.of(m.as.format())
		files[i] = Encoded{
			Format: f, Path: path(f), Rate: shape.Rate, Channels: shape.Channels,
			Frames: audio.ResampledFrames(m.Frames, m.as.tl.Rate, shape.Rate),
		}
		left[i] = &files[i]
	}
	for try := 1; len(left) > 0 && try <= encodings; try++ {
		if err := m.pass(ctx, left, progress); err != nil {
			return nil, err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(m.as.o.Workers)
		for _, e := range left {
			if e.Tries = try; !e.Format.exact(m.as.format()) {
				g.Go(func() error { return m.hear(ctx, e) })
			}
		}
		if err := g.Wait(); err != nil {
			return nil, err
		}
		left = slices.DeleteFunc(left, func(e *Encoded) bool { return !e.Off })
	}
	return files, nil
}

// hear listens to a file, and corrects what it is made with.
func (m *Master) hear(ctx context.Context, e *Encoded) error {
	heard, err := Listen(ctx, e.Path)
	if err != nil {
		return err
	}
	e.Loudness = heard
	if heard.Integrated < quietest { // no gain would mend that
		return fmt.Errorf("%s, %s: %w", e.Format.Name, e.Format.channels, silent(heard.Integrated))
	}
	e.correct(m.as.o)
	return nil
}

// correct judges a file by its loudness, and corrects what it is made with where
// that is too far off.
func (e *Encoded) correct(o Options) {
	more := level.DB(o.Loudness - e.Loudness.Integrated)
	over := e.Loudness.TruePeak - o.Peak
	if e.Off = math.Abs(float64(more)) > loudnessSlack || over > peakSlack; !e.Off {
		return
	}
	// A limiter that is there keeps what the gain adds from the peaks.
	switch e.gain = rounded(e.gain + more); {
	case e.ceiling == 0 && over+level.DBTP(more) > 0:
		e.ceiling = o.Peak - margin - max(0, over)
	case e.ceiling != 0 && over > peakSlack:
		e.ceiling -= over + 0.2*level.DBTP(e.Tries) // more each time: what is left follows the level only roughly
	}
}

// pass renders the sound once and gives it to all files.
func (m *Master) pass(ctx context.Context, files []*Encoded, progress Progress) error {
	g, ctx := errgroup.WithContext(ctx)
	feeds := make([]*feed, len(files))
	for i, e := range files {
		feeds[i] = &feed{ctx: ctx, format: m.as.format(), in: make(chan []float32, 1)}
		g.Go(func() error {
			if err := e.write(ctx, feeds[i]); err != nil {
				return fmt.Errorf("%s: %w", e.Format.Name, err)
			}
			return nil
		})
	}
	g.Go(func() error {
		var done int64
		err := m.Samples(ctx, func(samples []float32) error {
			for _, f := range feeds {
				select {
				case f.in <- samples:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			done += int64(len(samples) / m.as.tl.Channels)
			progress(done, m.Frames)
			return nil
		})
		if err == nil { // what is cut short must not look whole
			for _, f := range feeds {
				close(f.in)
			}
		}
		return err
	})
	return g.Wait()
}

// write makes the file of the sound in src.
func (e *Encoded) write(ctx context.Context, src audio.Source) error {
	shape := audio.Format{Rate: e.Rate, Channels: e.Channels}
	// The fewer channels are resampled, the better.
	if e.Channels < src.Format().Channels {
		src = audio.Resample(audio.Remix(src, e.Channels), e.Rate)
	} else {
		src = audio.Remix(audio.Resample(src, e.Rate), e.Channels)
	}
	if e.gain != 0 {
		src = &louder{Source: src, factor: float32(e.gain.Factor())}
	}
	if e.ceiling != 0 {
		src = audio.Limit(src, e.ceiling)
	}
	enc, err := audio.Encode(ctx, e.Path, shape, e.Format.encoding(e.Channels))
	if err != nil {
		return err
	}
	err = pour(enc, src)
	if cerr := enc.Close(); err == nil {
		err = cerr
	}
	return err
}

func pour(to *audio.Encoder, from audio.Source) error {
	buf := make([]float32, 8*mp3.FrameSize)
	for {
		n, err := from.ReadSamples(buf)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = to.WriteSamples(buf[:n])
		}
		if err != nil {
			return err
		}
	}
}

// feed is a Source of what is sent to it; closing in ends it.
type feed struct {
	ctx    context.Context // of the sender
	format audio.Format
	in     chan []float32
	rest   []float32
}

func (f *feed) Format() audio.Format { return f.format }

func (f *feed) ReadSamples(dst []float32) (int, error) {
	if len(dst) < f.format.Channels {
		return 0, io.ErrShortBuffer
	}
	for len(f.rest) == 0 {
		select {
		case s, open := <-f.in:
			if !open {
				return 0, io.EOF
			}
			f.rest = s
		case <-f.ctx.Done():
			return 0, context.Cause(f.ctx)
		}
	}
	n := copy(dst[:len(dst)-len(dst)%f.format.Channels], f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// louder is a Source with a gain.
type louder struct {
	audio.Source
	factor float32
}

func (l *louder) ReadSamples(dst []float32) (int, error) {
	n, err := l.Source.ReadSamples(dst)
	for i := range dst[:n] {
		dst[i] *= l.factor
	}
	return n, err
}
