package master

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Options are what a master depends on beside its timeline.
type Options struct {
	Loudness level.LUFS // integrated, of the decoded file
	Peak     level.DBTP // highest true peak of the decoded file
	MP3      MP3
}

// Master is a finished sound file, without tags.
type Master struct {
	File     string           // path
	Frames   int64            // as played: the timeline's
	Bitrate  int              // kb/s
	Gain     level.DB         // that was applied to the whole programme
	Ceiling  level.DBTP       // of the limiter before coding
	Loudness podcast.Loudness // of the file, decoded
}

// Tolerance is how far the finished file's integrated loudness may be from
// the target before it is made again with a corrected gain, in LU.
const Tolerance = 0.1

// margin is how much the limiter first leaves for the overshoot of coding, in
// dB; a file that overshoots more is made again with a lower ceiling.
const margin = 0.7

// tries is how many times an episode is encoded at most, to reach both targets.
const tries = 4

// A programme quieter than this is not brought to the target: it is silence
// or a fault, and would become noise.
const quietest level.LUFS = -60

// Progress is told how many frames of a rendering are done, of how many.
type Progress func(done, total int64)

// Make renders, masters and encodes a timeline to path, which must not be there.
func Make(ctx context.Context, tl *mix.Timeline, sounds Sounds, path string, o Options, progress Progress) (*Master, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	m := &Master{File: path, Frames: tl.Frames, Bitrate: o.MP3.Bitrate, Ceiling: o.Peak - margin}
	if m.Bitrate == 0 {
		m.Bitrate = 96
		if tl.Channels == 2 {
			m.Bitrate = 128
		}
	}
	measured, err := measure(ctx, tl, sounds, func(done int64) { progress(done/2, tl.Frames) })
	if err != nil {
		return nil, err
	}
	if measured.Integrated() < quietest {
		return nil, fmt.Errorf("the episode's loudness is %v: it is all but silent", measured.Integrated())
	}
	m.Gain = round(level.DB(o.Loudness - measured.Integrated()))
	for try := 1; ; try++ {
		err := encode(ctx, tl, sounds, m, func(done int64) { progress((tl.Frames+done)/2, tl.Frames) })
		if err != nil {
			return nil, err
		}
		heard, err := Listen(ctx, path, tl)
		if err != nil {
			return nil, err
		}
		m.Loudness = *heard
		off := o.Loudness - heard.Integrated
		over := heard.TruePeak - o.Peak
		if (math.Abs(float64(off)) <= Tolerance && over <= 0) || try == tries {
			return m, nil
		}
		if math.Abs(float64(off)) > Tolerance {
			m.Gain = round(m.Gain + level.DB(off))
		}
		if over > 0 {
			m.Ceiling -= over + 0.1
		}
	}
}

// round to 0.01 dB, which is far under what is heard and keeps manifests readable.
func round(g level.DB) level.DB { return level.DB(math.Round(float64(g)*100) / 100) }

func measure(ctx context.Context, tl *mix.Timeline, sounds Sounds, progress func(int64)) (*audio.Meter, error) {
	r := render(ctx, tl, sounds)
	defer r.Close()
	meter := audio.NewMeter(r.Format(), true)
	err := drain(r, tl.Channels, progress, func(samples []float32) error {
		meter.Write(samples)
		return nil
	})
	return meter, err
}

func encode(ctx context.Context, tl *mix.Timeline, sounds Sounds, m *Master, progress func(int64)) (err error) {
	r := render(ctx, tl, sounds)
	defer r.Close()
	limited := audio.Limit(&louder{Source: r, factor: float32(m.Gain.Factor())}, m.Ceiling)
	enc, err := audio.EncodeMP3(ctx, m.File, limited.Format(), audio.MP3Options{Bitrate: m.Bitrate, Joint: tl.Channels == 2})
	if err != nil {
		return err
	}
	err = drain(limited, tl.Channels, progress, enc.WriteSamples)
	if cerr := enc.Close(); err == nil {
		err = cerr
	}
	return err
}

// louder is a source with a gain.
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

// drain passes a source on to its end.
func drain(src audio.Source, channels int, progress func(int64), use func([]float32) error) error {
	buf := make([]float32, stretch*channels)
	var frames int64
	for {
		n, err := src.ReadSamples(buf)
		if n > 0 {
			if err := use(buf[:n]); err != nil {
				return err
			}
			frames += int64(n / channels)
			progress(frames)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Listen decodes a finished file as a listener's player does and measures it.
// The error says so where it is not exactly as long as the timeline.
func Listen(ctx context.Context, path string, tl *mix.Timeline) (*podcast.Loudness, error) {
	d, err := audio.DecodeFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	meter := audio.NewMeter(d.Format(), true)
	var frames int64
	err = drain(d, d.Format().Channels, func(n int64) { frames = n }, func(samples []float32) error {
		meter.Write(samples)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listening to the finished file: %w", err)
	}
	if tl != nil && frames != tl.Frames {
		return nil, fmt.Errorf("the finished file plays %d samples where the timeline has %d", frames, tl.Frames)
	}
	return &podcast.Loudness{
		Integrated: level.LUFS(hundredths(float64(meter.Integrated()))),
		Range:      hundredths(meter.Range()),
		TruePeak:   level.DBTP(hundredths(float64(meter.TruePeak()))),
	}, nil
}

// hundredths are as far as a loudness meter can be trusted.
func hundredths(v float64) float64 { return math.Round(v*100) / 100 }
