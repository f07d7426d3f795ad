package audio

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// MP3Options say how an MP3 is encoded.
type MP3Options struct {
	Bitrate int  // kb/s, constant
	Joint   bool // joint stereo instead of left and right apart; nothing to one channel
	Apart   bool // no frame borrows bits from one before it
}

// Encoder writes an MP3 through ffmpeg's libmp3lame. The file has an Info
// frame with the encoder's delay and padding, so players give back exactly the
// frames written, and no tags of any kind. The same samples give the same bytes.
type Encoder struct {
	ctx    context.Context // of the process
	cmd    *exec.Cmd
	stderr *tail
	pipe   io.Closer
	w      *bufio.Writer
	format Format
	gain   float32
	path   string
	frames int64 // written
	closed bool
	err    error // that ended it
}

// lameScale is what LAME 3.100 multiplies its input by, by bit rate in kb/s
// (libmp3lame/presets.c, abr_switch_map; the table holds for constant bit rates
// too, whatever the channels). Undone, an MP3 is as loud as what was encoded.
func lameScale(bitrate int) float64 {
	switch {
	case bitrate <= 160:
		return 0.95
	case bitrate <= 192:
		return 0.97
	case bitrate <= 224:
		return 0.98
	}
	return 1
}

// Bit rates of layer III in kb/s (ISO 11172-3 and 13818-3, 2.4.2.3).
func bitrates(rate int) []int {
	switch rate {
	case 32000, 44100, 48000:
		return []int{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	case 16000, 22050, 24000:
		return []int{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	}
	return nil
}

// EncodeMP3 starts an MP3 at path, a regular file that is made or overwritten.
// When ctx ends, the process is killed and what it wrote stays: the caller owns
// path.
func EncodeMP3(ctx context.Context, path string, f Format, o MP3Options) (*Encoder, error) {
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("encode MP3: %w", err)
	}
	switch rates := bitrates(f.Rate); {
	case rates == nil:
		return nil, fmt.Errorf("encode MP3: no sample rate of %d Hz; 44100 and 48000 are usual", f.Rate)
	case !slices.Contains(rates, o.Bitrate):
		return nil, fmt.Errorf("encode MP3: no bit rate of %d kb/s at %d Hz; there are %v", o.Bitrate, f.Rate, rates)
	}
	joint, reservoir := "0", "1"
	if o.Joint {
		joint = "1"
	}
	if o.Apart {
		reservoir = "0"
	}
	cmd, stderr, err := ffmpegCommand(ctx,
		"-protocol_whitelist", "pipe", "-f", "f32le", "-ar", strconv.Itoa(f.Rate), "-ac", strconv.Itoa(f.Channels), "-i", "pipe:0",
		"-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", strconv.Itoa(o.Bitrate)+"k", "-joint_stereo", joint, "-reservoir", reservoir,
		// Without these the Info frame and the tags name the version.
		"-fflags", "+bitexact", "-flags:a", "+bitexact",
		"-write_xing", "1", "-id3v2_version", "0", "-write_id3v1", "0",
		"-f", "mp3", "-y", "file:"+path)
	if err != nil {
		return nil, fmt.Errorf("encode MP3: %w", err)
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("encode MP3: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("encode MP3: start ffmpeg: %w", err)
	}
	return &Encoder{
		ctx: ctx, cmd: cmd, stderr: stderr, pipe: pipe, w: bufio.NewWriterSize(pipe, 64<<10),
		path: path, format: f, gain: float32(1 / lameScale(o.Bitrate)),
	}, nil
}

// WriteSamples encodes samples, interleaved, whole frames. Those beyond ±1 are
// not clipped here. Where ffmpeg has ended, the error is its reason, and that
// of every later call.
func (e *Encoder) WriteSamples(s []float32) error {
	if e.err != nil {
		return e.err
	}
	if e.closed {
		return errors.New("encode MP3: written to after the end")
	}
	if len(s)%e.format.Channels != 0 {
		return fmt.Errorf("encode MP3: %d samples are no whole frames of %d channels", len(s), e.format.Channels)
	}
	e.frames += int64(len(s) / e.format.Channels)
	for len(s) > 0 {
		if e.w.Available() < 4 {
			if err := e.w.Flush(); err != nil {
				return e.end(err)
			}
		}
		b := e.w.AvailableBuffer()
		n := min(len(s), cap(b)/4)
		for _, v := range s[:n] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v*e.gain))
		}
		s = s[n:]
		if _, err := e.w.Write(b); err != nil {
			return e.end(err)
		}
	}
	return nil
}

// Close ends the stream, waits until the file is whole, and checks that it is.
// After a WriteSamples that failed it returns the same error, and a second
// Close what the first did.
func (e *Encoder) Close() error {
	if e.closed {
		return e.err
	}
	return e.end(e.w.Flush())
}

// end waits for the process and keeps the one error that there is to tell:
// the process knows better than we do why a write to it failed.
func (e *Encoder) end(err error) error {
	e.closed = true
	if cerr := e.pipe.Close(); err == nil {
		err = cerr
	}
	werr := e.cmd.Wait()
	said := e.stderr.text()
	switch dir := filepath.Dir(e.path); {
	case e.ctx.Err() != nil && (err != nil || werr != nil):
		err = context.Cause(e.ctx)
	case saysFull(said):
		err = &FullError{Dir: dir}
	case werr != nil:
		err = e.stderr.explain(e.ctx, werr)
	case err != nil:
		err = e.stderr.explain(e.ctx, err)
	default:
		if err = orFull(mendInfo(e.path, e.frames), dir); err != nil && said != "" {
			err = e.stderr.explain(e.ctx, err)
		}
	}
	if err != nil {
		e.err = fmt.Errorf("encode MP3: %w", err)
	}
	return e.err
}
