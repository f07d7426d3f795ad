package master

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
)

// coder encodes a stretch of sound and listens to what came of it.
type coder interface {
	// Name and version: other ones give other frames.
	Name() string
	// Code encodes whole MPEG frames of samples, and keeps an excerpt of them and
	// the frame behind it.
	Code(ctx context.Context, s mp3.Settings, samples []float32, cut excerpt) (*coded, error)
	// Least is how many MPEG frames it should get at a time, where more are to
	// be had: starting it may be costly.
	Least() int
}

// excerpt is which MPEG frames are kept of those that are encoded.
type excerpt struct {
	skip, n     int  // n behind the first skip
	first, last int  // of the n, those whose peaks somebody else looks after
	open        bool // sound goes on behind them
}

// coded is an encoded stretch.
type coded struct {
	kept  []byte    // its MPEG frames
	flush []byte    // the frame behind them, which ends a stream
	steps []float32 // energies of the kept frames as they are decoded, one each (see audio.StepMeter)
	peak  level.DBTP

	within  level.DBTP // the true peak without first and last of the excerpt
	ceiling level.DBTP // that was kept before coding
}

// hear measures the kept frames of a stretch that was decoded, with no delay
// in front. Its filters hear what is skipped, so that they do not start within
// sound.
func (c *coded) hear(src audio.Source, cut excerpt) error {
	f := src.Format()
	meter := audio.NewStepMeter(f)
	buf := make([]float32, 8*mp3.FrameSize*f.Channels)
	write := func(frames int) (level.DBTP, error) {
		for left := frames; left > 0; {
			k := min(left, 8)
			part := buf[:k*mp3.FrameSize*f.Channels]
			if err := fill(src, part); err != nil {
				return 0, fmt.Errorf("listening to the encoded sound: %w", err)
			}
			meter.Write(part)
			left -= k
		}
		return meter.TakePeak(), nil
	}
	_, err := write(cut.skip)
	var peaks [3]level.DBTP
	for i, frames := range [...]int{cut.first, cut.n - cut.first - cut.last, cut.last} {
		if err == nil {
			peaks[i], err = write(frames)
		}
	}
	if err != nil {
		return err
	}
	c.steps = slices.Clone(meter.Steps()[cut.skip:])
	c.within = peaks[1]
	if !cut.open { // then silence follows
		c.within = max(c.within, meter.TruePeak())
	}
	c.peak = max(peaks[0], c.within, peaks[2])
	return nil
}

// inProcess is LAME in this process.
type inProcess struct {
	*mp3.Library
	spare *spare
}

func (l inProcess) Name() string { return "lame " + l.Version() + ", " + l.Decoder() }

func (inProcess) Least() int { return 0 }

// warmUp is how many MPEG frames of silence a LAME encodes before a stereo block that
// begins in silence; they are left out. The first frames of a fresh one are unlike those
// of one that has been at work: without these, up to four seconds in 250 had 3 dB more
// noise than in one piece, with 3 none of 800, with 6 several again. In mono none had
// without (docs/sound.md).
const warmUp = 3

func (l inProcess) Code(_ context.Context, s mp3.Settings, samples []float32, cut excerpt) (*coded, error) {
	lead := 0
	if cut.skip == 0 && s.Channels == 2 {
		lead = warmUp
		cut.skip = lead
	}
	b, err := l.EncodeFrom(s, samples, lead, cut.skip)
	if err != nil {
		return nil, err
	}
	c := &coded{}
	if c.kept, c.flush, err = kept(b, cut); err != nil {
		return nil, err
	}
	f := audio.Format{Rate: s.Rate, Channels: s.Channels}
	if d, err := l.Open(b); err == nil {
		defer d.Close()
		return c, c.hearAll(&decoding{Decoder: d, format: f}, b, cut)
	}
	all, err := l.Decode(l.spare.take(len(samples)+(lead+4)*mp3.FrameSize*s.Channels), b, s.Channels)
	if err != nil {
		return nil, err
	}
	defer l.spare.give(all)
	return c, c.hear(audio.Samples(f, all[delay*s.Channels:]), cut)
}

// delay is how many frames a decoded stretch begins with that nobody put in.
const delay = mp3.EncoderDelay + mp3.DecoderDelay

// decoding is MPEG frames as they are decoded: nobody needs all their samples
// at once.
type decoding struct {
	*mp3.Decoder
	format audio.Format
	n      int // samples that were read
}

func (d *decoding) Format() audio.Format { return d.format }

func (d *decoding) ReadSamples(dst []float32) (int, error) {
	n, err := d.Read(dst)
	d.n += n
	return n, err
}

// hearAll is hear of what is decoded from frames, which have to give as many
// samples as they are.
func (c *coded) hearAll(d *decoding, frames []byte, cut excerpt) error {
	n, err := mp3.Frames(frames)
	if err != nil {
		return err
	}
	if err := fill(d, make([]float32, delay*d.format.Channels)); err != nil {
		return fmt.Errorf("listening to the encoded sound: %w", err)
	}
	if err := c.hear(d, cut); err != nil {
		return err
	}
	want := n * mp3.FrameSize * d.format.Channels
	rest := make([]float32, mp3.FrameSize*d.format.Channels)
	for {
		switch _, err := d.ReadSamples(rest); {
		case d.n > want, errors.Is(err, io.EOF) && d.n != want:
			return fmt.Errorf("MP3: %d samples were decoded of %d", d.n, want)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// findCoder is LAME in this process, or in ffmpeg's where the library cannot be
// loaded. Where neither is to be had, the error says what to install.
func findCoder(load func() (*mp3.Library, error), spare *spare) (coder, error) {
	lib, err := load()
	if err == nil {
		return inProcess{lib, spare}, nil
	}
	if _, ferr := exec.LookPath("ffmpeg"); ferr != nil {
		return nil, fmt.Errorf("nothing encodes MP3: %w; and %w", err, audio.ErrNoFFmpeg)
	}
	return byFFmpeg{}, nil
}

func kept(b []byte, cut excerpt) (frames, flush []byte, err error) {
	frames, rest, err := mp3.Cut(b, cut.skip, cut.n)
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

func (byFFmpeg) Code(ctx context.Context, s mp3.Settings, samples []float32, cut excerpt) (_ *coded, err error) {
	dir, err := os.MkdirTemp("", "narrapress-block-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "block.mp3")
	f := audio.Format{Rate: s.Rate, Channels: s.Channels}
	enc, err := audio.Encode(ctx, path, f, audio.MP3Options{Bitrate: s.Bitrate, Joint: s.Joint, Apart: cut.skip > 0})
	if err != nil {
		return nil, err
	}
	err = enc.WriteSamples(samples)
	if cerr := enc.Close(); err == nil {
		err = cerr
	}
	if err != nil && ctx.Err() == nil && !encodesMP3(ctx) {
		return nil, errNoEncoder
	}
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &coded{}
	if c.kept, c.flush, err = kept(mp3.WithoutInfo(b), cut); err != nil {
		return nil, err
	}
	d, err := audio.DecodeFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return c, c.hear(d, cut)
}

var errNoEncoder = errors.New("nothing encodes MP3: this ffmpeg is built without libmp3lame, and the library is not there either; " +
	"install it: apt install libmp3lame0 (Debian, Ubuntu), brew install lame (macOS)")

// encodesMP3 says whether ffmpeg has LAME; true where it does not say.
func encodesMP3(ctx context.Context) bool {
	list, err := exec.CommandContext(ctx, "ffmpeg", "-hide_banner", "-encoders").Output()
	return err != nil || strings.Contains(string(list), " libmp3lame ")
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
