package audio

import (
	"context"
	"fmt"
	"io"
)

// FrameDecoder decodes MPEG frames of layer III, one after another.
type FrameDecoder = interface {
	// Read fills dst with samples that follow, interleaved, full scale ±1, and
	// says how many; io.EOF is the end. The decoder's delay, 529 frames, stands
	// at the front.
	Read(dst []float32) (int, error)
	Close() error
}

// OpenFrames begins to decode whole MPEG frames, which stay as they are until
// the decoder is closed. An error means that it cannot.
type OpenFrames func(frames []byte) (FrameDecoder, error)

// mostMP3 is up to how many bytes a file is held in memory to be decoded here:
// a quarter of an hour at 128 kb/s.
const mostMP3 = 16 << 20

// openMP3File decodes an MP3 on disk by what open gives; nil where it cannot.
func openMP3File(ctx context.Context, r io.ReaderAt, path string, size int64, open OpenFrames) Decoder {
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil || Sniff(head) != "audio/mpeg" {
		return nil
	}
	b := make([]byte, size)
	if _, err := r.ReadAt(b, 0); err != nil {
		return nil
	}
	return openMP3With(ctx, b, onDisk(path), open)
}

// openMP3With decodes an MP3 by what open gives, and by ffmpeg what is the same in
// rest where that fails; nil where it cannot begin.
func openMP3With(ctx context.Context, b []byte, rest input, open OpenFrames) Decoder {
	s, err := scanMP3(b)
	if err != nil {
		return nil // ffmpeg may think otherwise, or says it
	}
	frames, err := open(s.audio)
	if err != nil {
		return nil
	}
	return &mp3Decoder{Source: newMPEGSource(s, frames), ctx: ctx, in: rest, shut: frames}
}

// mpegSource is what is played of a walked stream.
type mpegSource struct {
	format     Format
	frames     FrameDecoder
	skip, left int64 // samples: to be passed over, and then to be played
	err        error
}

func newMPEGSource(s *mp3Stream, d FrameDecoder) *mpegSource {
	f := Format{Rate: s.header.rate, Channels: 2}
	if s.header.mono {
		f.Channels = 1
	}
	return &mpegSource{format: f, frames: d, skip: s.from * int64(f.Channels), left: (s.to - s.from) * int64(f.Channels)}
}

func (m *mpegSource) Format() Format { return m.format }

func (m *mpegSource) ReadSamples(dst []float32) (int, error) {
	ch := m.format.Channels
	dst = dst[:len(dst)-len(dst)%ch]
	if len(dst) == 0 {
		return 0, io.ErrShortBuffer
	}
	for m.err == nil {
		if m.left == 0 {
			m.err = io.EOF
			break
		}
		want := m.left
		if m.skip > 0 {
			want = m.skip
		}
		var n int
		n, m.err = m.frames.Read(dst[:min(want, int64(len(dst)))])
		n -= n % ch
		switch {
		case m.err == io.EOF:
			// The frames were counted before: an early end is a fault.
			m.err = fmt.Errorf("decode MP3: ends %d samples early", m.left)
		case m.err != nil:
			m.err = fmt.Errorf("decode MP3: %w", m.err)
		case m.skip > 0:
			m.skip -= int64(n)
		case n > 0:
			if m.err = checkFinite(dst[:n]); m.err == nil {
				m.left -= int64(n)
				return n, nil
			}
		}
	}
	return 0, m.err
}
