package master

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// Sounds opens what a timeline's clips refer to.
type Sounds interface {
	// Take is the whole file of a take.
	Take(key string) ([]byte, error)
}

// render sums the clips of a timeline over its frames [from, to), each louder
// by gain. What lies outside of the timeline is silence. The samples are spare
// room, to be given back.
func (s *sounds) render(ctx context.Context, tl *mix.Timeline, clips []*mix.Clip, from, to int64, gain level.DB) ([]float32, error) {
	out := s.spare.take(int(to-from) * tl.Channels)
	clear(out)
	for _, c := range clips {
		a, b := max(from, c.Start), min(to, c.End())
		if a >= b {
			continue
		}
		sound, done, err := s.clip(ctx, c, a-c.Start, b-c.Start)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name(c), err)
		}
		add(out[int(a-from)*tl.Channels:], sound, c, a-c.Start, gain, tl.Channels)
		done()
	}
	return out, nil
}

// add mixes the samples of a clip, from its frame at on, into dst.
func add(dst, sound []float32, c *mix.Clip, at int64, gain level.DB, channels int) {
	var factors [mix.Grid]float32
	louder := *c
	louder.Gain = rounded(c.Gain + gain)
	for len(sound) > 0 {
		n := min(len(sound)/channels, len(factors))
		g := factors[:n]
		d, x := dst[:n*channels], sound[:n*channels]
		switch constant := louder.Gains(g, at); {
		case constant:
			f := g[0]
			for i, v := range x {
				d[i] += v * f
			}
		case channels == 1:
			for i, v := range x {
				d[i] += v * g[i]
			}
		default:
			for i, f := range g {
				d[2*i] += x[2*i] * f
				d[2*i+1] += x[2*i+1] * f
			}
		}
		dst, sound, at = dst[n*channels:], sound[n*channels:], at+int64(n)
	}
}

func name(c *mix.Clip) string {
	if c.Track != "" {
		return "track " + c.Track
	}
	return fmt.Sprintf("take %.12s", c.Take)
}

var errShort = errors.New("the sound is shorter than it was measured: it changed while the episode was made")

// fill reads exactly len(dst) samples.
func fill(src audio.Source, dst []float32) error {
	for len(dst) > 0 {
		n, err := src.ReadSamples(dst)
		dst = dst[n:]
		if err != nil && len(dst) > 0 {
			if errors.Is(err, io.EOF) {
				return errShort
			}
			return err
		}
	}
	return nil
}

// section is a stretch of a source: skip frames are passed over, left follow.
type section struct {
	src        audio.Source
	skip, left int64
}

func (s *section) Format() audio.Format { return s.src.Format() }

func (s *section) ReadSamples(dst []float32) (int, error) {
	channels := int64(s.src.Format().Channels)
	for s.skip > 0 {
		n, err := s.src.ReadSamples(dst[:min(int64(len(dst))/channels, s.skip)*channels])
		s.skip -= int64(n) / channels
		if err != nil {
			return 0, err
		}
	}
	if s.left <= 0 {
		return 0, io.EOF
	}
	n, err := s.src.ReadSamples(dst[:min(int64(len(dst))/channels, s.left)*channels])
	s.left -= int64(n) / channels
	return n, err
}
