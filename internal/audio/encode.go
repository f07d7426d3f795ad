package audio

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// Encoder writes a file through ffmpeg.
type Encoder struct {
	ctx      context.Context // of the process
	cmd      *exec.Cmd
	stderr   *tail
	pipe     io.Closer
	w        *bufio.Writer
	format   Format
	encoding Encoding
	gain     float32
	path     string
	frames   int64 // written
	closed   bool
	err      error // that ended it
}

// Encode starts a file at path, a regular file that is made or overwritten. It
// has no tags and no chapters, and the same samples give the same bytes. When
// ctx ends, the process is killed and what it wrote stays: the caller owns path.
func Encode(ctx context.Context, path string, f Format, e Encoding) (*Encoder, error) {
	fail := func(err error) (*Encoder, error) { return nil, fmt.Errorf("encode %s: %w", e.name(), err) }
	if err := f.check(); err != nil {
		return fail(err)
	}
	own, err := e.args(f)
	if err != nil {
		return fail(err)
	}
	args := []string{
		"-protocol_whitelist", "pipe", "-f", "f32le", "-ar", strconv.Itoa(f.Rate), "-ac", strconv.Itoa(f.Channels), "-i", "pipe:0",
		"-map_metadata", "-1", "-map_chapters", "-1", "-c:a", e.Encoder(),
		// Without these the file names the versions, and an Ogg stream has a
		// random serial number.
		"-fflags", "+bitexact", "-flags:a", "+bitexact",
	}
	cmd, stderr, err := ffmpegCommand(ctx, slices.Concat(args, own, []string{"-y", "file:" + path})...)
	if err != nil {
		return fail(err)
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return fail(err)
	}
	if err := cmd.Start(); err != nil {
		return fail(fmt.Errorf("start ffmpeg: %w", err))
	}
	return &Encoder{
		ctx: ctx, cmd: cmd, stderr: stderr, pipe: pipe, w: bufio.NewWriterSize(pipe, 64<<10),
		path: path, format: f, encoding: e, gain: float32(e.gain()),
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
		return fmt.Errorf("encode %s: written to after the end", e.encoding.name())
	}
	if len(s)%e.format.Channels != 0 {
		return fmt.Errorf("encode %s: %d samples are no whole frames of %d channels", e.encoding.name(), len(s), e.format.Channels)
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
		if err = orFull(e.encoding.finish(e.path, e.frames), dir); err != nil && said != "" {
			err = e.stderr.explain(e.ctx, err)
		}
	}
	if err != nil {
		e.err = fmt.Errorf("encode %s: %w", e.encoding.name(), err)
	}
	return e.err
}
