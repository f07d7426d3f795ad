package master

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/record"
)

// Tolerance is how far the finished file's integrated loudness may be from the
// target before it is made again with a corrected gain, in LU. Kept is the same
// for a gain that an earlier build found: an edit does not change the level of
// everything else for less.
const (
	Tolerance = 0.1
	Kept      = 0.3
)

// Agreement is how far the loudness that is found from a file's blocks is from
// what a meter says of the file, at most, in LU. Both are rounded to 0.01.
const Agreement = 0.05 + 0.001

// short is up to which length a file is heard as a whole, in seconds. A gate takes
// or leaves stretches of 400 ms (BS.1770-4, equations 5 to 7), and one that sound
// begins or ends in may be on the other side of it by the steps of a block than by
// its samples: that is up to 0.1 LU of ten seconds, and 0.02 of a minute.
const short = 60

// tenth is how long the steps are in which the energies of a sound are known.
const tenth = 0.1 // s

// predict is the loudness of a timeline before any programme gain, from the
// energies of its sounds: nothing is rendered. It is within about 0.05 LU of
// what a meter says of the rendering.
func (s *sounds) predict(ctx context.Context, tl *mix.Timeline) (level.LUFS, error) {
	var canvas audio.Canvas
	for i := range tl.Clips {
		c := &tl.Clips[i]
		energies, from, err := s.energies(ctx, c)
		if err != nil {
			return 0, err
		}
		canvas.Add(c.Start+from, tl.Rate, energies, 0)
	}
	return canvas.Integrated(), nil
}

// energies are those of a clip as it is heard, 100 ms each from its frame from on.
func (s *sounds) energies(ctx context.Context, c *mix.Clip) (energies []float32, from int64, err error) {
	switch sound := c.Sound; {
	case sound == nil:
		return nil, 0, nil
	case c.Track != "" && (c.From != sound.In || c.To != sound.Out || s.format.Channels < sound.Channels):
		// A part of it, or a mix of its channels, has other energies.
		energies, err = s.measure(ctx, c)
	default:
		energies = append(energies, sound.Energies...)
		from = int64(record.GuardSeconds * float64(s.format.Rate)) // they begin with the first sound
	}
	step := int64(tenth * float64(s.format.Rate))
	var g [1]float32
	for i := range energies {
		c.Gains(g[:], min(from+int64(i)*step+step/2, c.Length-1))
		energies[i] *= g[0] * g[0]
	}
	return energies, from, err
}

// measure finds the energies of a clip by its samples.
func (s *sounds) measure(ctx context.Context, c *mix.Clip) ([]float32, error) {
	meter := audio.NewMeter(s.format, true)
	const stretch = 64 * mix.Grid
	for at := int64(0); at < c.Length; at += stretch {
		samples, done, err := s.clip(ctx, c, at, min(at+stretch, c.Length))
		if err != nil {
			return nil, err
		}
		meter.Write(samples)
		done()
	}
	return meter.Energies(), nil
}

// loudness of finished blocks, one behind the other.
func (m *mastering) loudness(ctx context.Context, pieces []piece) (podcast.Loudness, error) {
	if m.tl.Frames >= short*int64(m.tl.Rate) {
		return m.sum(pieces), nil
	}
	var file bytes.Buffer
	if _, err := m.finished(pieces).WriteTo(&file); err != nil {
		return podcast.Loudness{}, err
	}
	d, err := audio.DecodeWith(ctx, file.Bytes(), record.DecodeFrames)
	if err != nil {
		return podcast.Loudness{}, err
	}
	h, err := hear(d)
	if err != nil {
		return podcast.Loudness{}, err
	}
	return h.Loudness, nil
}

// sum is the loudness of blocks by their steps.
func (m *mastering) sum(pieces []piece) podcast.Loudness {
	programme := programmeOf(pieces, m.tl.Rate)
	peak := level.DBTP(math.Inf(-1))
	for _, p := range pieces {
		peak = max(peak, p.peak)
	}
	return podcast.Loudness{
		Integrated: level.LUFS(hundredths(float64(programme.Integrated()))),
		Range:      hundredths(programme.Range()),
		TruePeak:   level.DBTP(hundredths(float64(peak))),
	}
}

func programmeOf(pieces []piece, rate int) *audio.Programme {
	programme := audio.NewProgramme(audio.StepFrames, rate)
	for _, p := range pieces {
		programme.Add(p.steps, 0)
	}
	return programme
}

// Energies are those of the decoded episode, 100 ms each: mean squares after the
// filter of ITU-R BS.1770-4, summed over the channels as heard on two
// loudspeakers. 1 is −0.691 LUFS.
func (m *Master) Energies() []float32 { return programmeOf(m.pieces, m.as.tl.Rate).Energies() }

// hundredths are as far as a loudness meter can be trusted.
func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

// Heard is a finished file as a listener's player decodes it.
type Heard struct {
	Rate     int   // Hz
	Channels int   //
	Frames   int64 // one value a channel
	Loudness podcast.Loudness
}

// Listen is Hear, of the loudness alone.
func Listen(ctx context.Context, path string) (*podcast.Loudness, error) {
	h, err := Hear(ctx, path)
	if err != nil {
		return nil, err
	}
	return &h.Loudness, nil
}

// Hear decodes a finished file as a listener's player does and measures it.
func Hear(ctx context.Context, path string) (*Heard, error) {
	d, err := audio.DecodeFile(ctx, path)
	if err != nil {
		return nil, err
	}
	return hear(d)
}

func hear(d audio.Decoder) (*Heard, error) {
	defer d.Close()
	f := d.Format()
	h := &Heard{Rate: f.Rate, Channels: f.Channels}
	meter := audio.NewMeter(f, true)
	buf := make([]float32, 8*mix.Grid*f.Channels)
	for {
		n, err := d.ReadSamples(buf)
		meter.Write(buf[:n])
		h.Frames += int64(n / f.Channels)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("listening to the finished file: %w", err)
		}
	}
	h.Loudness = podcast.Loudness{
		Integrated: level.LUFS(hundredths(float64(meter.Integrated()))),
		Range:      hundredths(meter.Range()),
		TruePeak:   level.DBTP(hundredths(float64(meter.TruePeak()))),
	}
	return h, nil
}
