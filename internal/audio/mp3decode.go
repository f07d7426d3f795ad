package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hajimehoshi/go-mp3"
)

// openMP3 decodes an MP3 in memory by go-mp3, where it can. From the place on
// where go-mp3 gives up, ffmpeg takes over: both give the same frames.
func openMP3(ctx context.Context, b []byte) (Decoder, error) {
	s, err := scanMP3(b)
	if errors.Is(err, errNotOurs) {
		return openFFmpeg(ctx, spooled(b))
	}
	if err != nil {
		return nil, err
	}
	return &mp3Decoder{Source: newGoMP3(s), ctx: ctx, in: spooled(b)}, nil
}

// mp3Decoder decodes in this process, and by ffmpeg from where that fails.
type mp3Decoder struct {
	Source
	ctx   context.Context // of the decoding, as of a process
	in    input           // the same for ffmpeg
	shut  io.Closer       // of Source; may be nil
	given int64           // samples
	err   error
	other Decoder
}

func (d *mp3Decoder) ReadSamples(dst []float32) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.other != nil {
		return d.other.ReadSamples(dst)
	}
	if d.err = d.ctx.Err(); d.err != nil {
		return 0, d.err
	}
	n, err := d.Source.ReadSamples(dst)
	d.given += int64(n)
	if err == nil || err == io.EOF || err == io.ErrShortBuffer {
		return n, err
	}
	if d.other, err = d.takeOver(err); err != nil {
		d.other, d.err = nil, err
		return 0, err
	}
	return d.other.ReadSamples(dst)
}

// takeOver starts ffmpeg behind the frames that were given.
func (d *mp3Decoder) takeOver(cause error) (Decoder, error) {
	other, err := openFFmpeg(d.ctx, d.in)
	if err != nil {
		return nil, fmt.Errorf("%w; and %w", cause, err)
	}
	if other.Format() != d.Format() {
		return nil, errors.Join(cause, other.Close())
	}
	skip := make([]float32, 4096*d.Format().Channels)
	for left := d.given; left > 0; {
		n, err := fill(other, skip[:min(left, int64(len(skip)))])
		if left -= int64(n); err != nil && left > 0 {
			return nil, errors.Join(cause, other.Close())
		}
	}
	return other, nil
}

func (d *mp3Decoder) Close() error {
	var err error
	if d.other != nil {
		err = d.other.Close()
	}
	if d.shut != nil {
		err = errors.Join(err, d.shut.Close())
		d.err = os.ErrClosed
	}
	return err
}

// goMP3 plays a walked stream by go-mp3, which always gives two channels of
// 16 bits.
type goMP3 struct {
	format Format
	stream *mp3Stream
	r      io.Reader
	pos    int64 // decoded frames, played or not
	buf    []byte
	rest   []byte // of buf
	err    error
}

const goMP3Frame = 4 // bytes

func newGoMP3(s *mp3Stream) *goMP3 {
	f := Format{Rate: s.header.rate, Channels: 2}
	if s.header.mono {
		f.Channels = 1
	}
	return &goMP3{format: f, stream: s, buf: make([]byte, 1152*goMP3Frame)}
}

func (g *goMP3) Format() Format { return g.format }

func (g *goMP3) ReadSamples(dst []float32) (int, error) {
	ch := g.format.Channels
	if len(dst) < ch {
		return 0, io.ErrShortBuffer
	}
	for len(g.rest) == 0 && g.err == nil {
		g.err = g.next()
	}
	if len(g.rest) == 0 {
		return 0, g.err
	}
	n := min(len(dst)/ch, len(g.rest)/goMP3Frame)
	for i := range n {
		b := g.rest[goMP3Frame*i : goMP3Frame*i+goMP3Frame]
		dst[ch*i] = float32(int16(b[0])|int16(b[1])<<8) / 32768
		if ch == 2 {
			dst[2*i+1] = float32(int16(b[2])|int16(b[3])<<8) / 32768
		}
	}
	g.rest = g.rest[n*goMP3Frame:]
	return n * ch, nil
}

// next decodes the frames behind pos and sets rest to what of them is played.
func (g *goMP3) next() error {
	if g.pos >= g.stream.to {
		return io.EOF
	}
	want := min(int64(len(g.buf)/goMP3Frame), g.stream.to-g.pos)
	n, err := g.read(g.buf[:want*goMP3Frame])
	n -= n % goMP3Frame
	from := g.pos
	g.pos += int64(n / goMP3Frame)
	if skip := max(0, g.stream.from-from) * goMP3Frame; skip < int64(n) {
		g.rest = g.buf[skip:n]
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		// The frames were counted before: an early end is a fault.
		return fmt.Errorf("decode MP3: ends after %d of %d frames", g.pos, g.stream.frames)
	}
	return err
}

// read fills b. go-mp3 is known to panic on hostile data.
func (g *goMP3) read(b []byte) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 0, fmt.Errorf("decode MP3: broken data: %v", p)
		}
	}()
	if g.r == nil {
		// A reader that cannot seek keeps it from walking the file again.
		d, err := mp3.NewDecoder(struct{ io.Reader }{bytes.NewReader(g.stream.audio)})
		if err != nil {
			return 0, fmt.Errorf("decode MP3: %w", err)
		}
		g.r = d
	}
	n, err = io.ReadFull(g.r, b)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		err = fmt.Errorf("decode MP3: %w", err)
	}
	return n, err
}
