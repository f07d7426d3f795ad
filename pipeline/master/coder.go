package master

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
)

// coder encodes a stretch of sound and listens to what came of it.
type coder interface {
	// Name and version: other ones give other frames.
	Name() string
	// Code encodes whole MPEG frames of samples. It keeps n of them behind the
	// first skip, and the one behind those.
	Code(ctx context.Context, s mp3.Settings, samples []float32, skip, n int) (*coded, error)
	// Least is how many MPEG frames it should get at a time, where more are to
	// be had: starting it may be costly.
	Least() int
}

// coded is an encoded stretch.
type coded struct {
	kept  []byte    // its MPEG frames
	flush []byte    // the frame behind them, which ends a stream
	steps []float32 // energies of the kept frames as they are decoded, one each (see audio.StepMeter)
	peak  level.DBTP

	ceiling level.DBTP // that was kept before coding
}

// hear measures the kept frames of a stretch that was decoded, with no delay
// in front.
func (c *coded) hear(src audio.Source, skip, n int) error {
	f := src.Format()
	meter := audio.NewStepMeter(f)
	heard := &section{src: src, skip: int64(skip) * mp3.FrameSize, left: int64(n) * mp3.FrameSize}
	buf := make([]float32, 8*mp3.FrameSize*f.Channels)
	for left := n; left > 0; {
		k := min(left, 8)
		part := buf[:k*mp3.FrameSize*f.Channels]
		if err := fill(heard, part); err != nil {
			return fmt.Errorf("listening to the encoded sound: %w", err)
		}
		meter.Write(part)
		left -= k
	}
	c.steps, c.peak = meter.Steps(), meter.TruePeak()
	return nil
}

// inProcess is LAME in this process.
type inProcess struct {
	*mp3.Library
	spare *spare
}

func (l inProcess) Name() string { return "lame " + l.Version() }

func (inProcess) Least() int { return 0 }

func (l inProcess) Code(_ context.Context, s mp3.Settings, samples []float32, skip, n int) (*coded, error) {
	b, err := l.Encode(s, samples)
	if err != nil {
		return nil, err
	}
	c := &coded{}
	if c.kept, c.flush, err = kept(b, skip, n); err != nil {
		return nil, err
	}
	all, err := l.Decode(l.spare.take(len(samples)+4*mp3.FrameSize*s.Channels), b, s.Channels)
	if err != nil {
		return nil, err
	}
	defer l.spare.give(all)
	heard := all[(mp3.EncoderDelay+mp3.DecoderDelay)*s.Channels:]
	return c, c.hear(audio.Samples(audio.Format{Rate: s.Rate, Channels: s.Channels}, heard), skip, n)
}

func kept(b []byte, skip, n int) (frames, flush []byte, err error) {
	frames, rest, err := mp3.Cut(b, skip, n)
	if err == nil {
		flush, _, err = mp3.Cut(rest, 0, 1)
	}
	return frames, flush, err
}

// byFFmpeg is LAME in an ffmpeg process, where the library cannot be loaded.
type byFFmpeg struct{}

func (byFFmpeg) Name() string { return "ffmpeg libmp3lame" }

// Least is two minutes at 44.1 kHz: a process costs 80 ms.
func (byFFmpeg) Least() int { return 120 * 44100 / mp3.FrameSize }

func (byFFmpeg) Code(ctx context.Context, s mp3.Settings, samples []float32, skip, n int) (_ *coded, err error) {
	dir, err := os.MkdirTemp("", "narrapress-block-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "block.mp3")
	f := audio.Format{Rate: s.Rate, Channels: s.Channels}
	enc, err := audio.Encode(ctx, path, f, audio.MP3Options{Bitrate: s.Bitrate, Joint: s.Joint, Apart: s.Apart})
	if err != nil {
		return nil, err
	}
	err = enc.WriteSamples(samples)
	if cerr := enc.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &coded{}
	if c.kept, c.flush, err = kept(mp3.WithoutInfo(b), skip, n); err != nil {
		return nil, err
	}
	d, err := audio.DecodeFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return c, c.hear(d, skip, n)
}

// gather joins blocks that are cut in silence until each has least MPEG
// frames. Where a joint stays depends on what stands behind it, so that an edit
// moves only joints near it.
func gather(blocks []block, least int) []block {
	if least == 0 {
		return blocks
	}
	var out []block
	for i := range blocks {
		b := &blocks[i]
		last := len(out) - 1
		if last < 0 || b.apart || out[last].apart || out[last].frames()+b.frames() > 2*least ||
			(out[last].frames() >= least && b.frames()%4 == 0) {
			out = append(out, *b)
			continue
		}
		out[last].to = b.to
		out[last].clips = append(out[last].clips[:len(out[last].clips):len(out[last].clips)], b.clips...)
	}
	return out
}
