package audio

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// ErrNoFFmpeg is a machine without ffmpeg.
var ErrNoFFmpeg = errors.New("ffmpeg was not found on PATH; install it: apt install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS)")

// ffmpegGrace is how long a process that was told to end may take, in time.
const ffmpegGrace = 2 * time.Second

// ffmpegCommand is ffmpeg with the arguments that every call has.
func ffmpegCommand(ctx context.Context, args ...string) (*exec.Cmd, *tail, error) {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, nil, ErrNoFFmpeg
	}
	args = append([]string{"-nostdin", "-hide_banner", "-nostats", "-loglevel", "error"}, args...)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = ffmpegGrace
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "FFREPORT=") { // would write a log beside the user's files
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "AV_LOG_FORCE_NOCOLOR=1")
	stderr := &tail{}
	cmd.Stderr = stderr
	return cmd, stderr, nil
}

// tail keeps the end of what a process says.
type tail struct {
	mu    sync.Mutex
	b     []byte
	about string // what the process calls its input, which says nothing to a person
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p[max(0, len(p)-tailSize):]...)
	t.b = t.b[max(0, len(t.b)-tailSize):]
	return len(p), nil
}

// explain is the error of a process with the last line that it said.
func (t *tail) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	lines := strings.Split(t.text(), "\n")
	last := strings.ToValidUTF8(strings.TrimSpace(lines[len(lines)-1]), "?")
	if last = strings.TrimPrefix(last, t.about); last != "" {
		return fmt.Errorf("ffmpeg: %s", last)
	}
	return fmt.Errorf("ffmpeg: %w", err)
}

// text is what is kept.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}

// input is where ffmpeg reads from.
type input struct {
	args  []string
	stdin io.Reader
	file  []byte // to be put on disk first
}

// containers are the demuxers that ffmpeg may take an input for, by its own
// names (ffmpeg -demuxers). Each reads the sound from the file that it was given.
// What is not here are those that read other files or addresses which the input
// names: playlists (hls, dash), concat scripts, SDP, IMF, EDL, image sequences.
// ffmpeg knows them by their first bytes, whatever the file is called.
const containers = "3dostr,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dss,dts,dtshd,eac3,flac,flv,gsm,iff,ircam,loas," +
	"matroska,webm,mlp,mmf,mov,mp4,mp3,mpc,mpc8,mpeg,mpegts,nut,ogg,oma,qcp,rm,shn,sox,tak,truehd,tta,voc,vqf,w64,wav,wsaud,wv,xwma"

// from are ffmpeg's arguments for an input that is read by these protocols alone,
// as one of the containers.
func from(protocols, address string) []string {
	return []string{"-protocol_whitelist", protocols, "-format_whitelist", containers, "-i", address}
}

// piped gives b through a pipe.
func piped(b []byte) input {
	return input{args: from("pipe", "pipe:0"), stdin: bytes.NewReader(b)}
}

// spooled gives b in a temporary file. The index of an MP4 may stand at its
// end, out of reach in a pipe, and ffmpeg takes the padding off the end of an
// MP3 only where it can seek.
func spooled(b []byte) input { return input{file: b} }

// onDisk gives a file.
func onDisk(path string) input {
	return input{args: from("file", "file:"+path)}
}

// ffmpegDecoder reads samples from an ffmpeg process.
type ffmpegDecoder struct {
	samples
	ctx    context.Context    // of the decoding
	cancel context.CancelFunc // kills the process
	cmd    *exec.Cmd
	stderr *tail
	remove string // temporary file
	wait   func() error
}

// openFFmpeg starts the decoding of the first audio stream of in. ffmpeg
// answers with a WAV file of float samples, whose header says the format.
func openFFmpeg(ctx context.Context, in input) (_ Decoder, err error) {
	d := &ffmpegDecoder{}
	if in.file != nil {
		if d.remove, err = spool(in.file); err != nil {
			return nil, err
		}
		in.args = onDisk(d.remove).args
	}
	d.ctx = ctx
	ctx, d.cancel = context.WithCancel(ctx)
	if err = d.start(ctx, in); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *ffmpegDecoder) start(ctx context.Context, in input) (err error) {
	args := append(in.args, "-map", "0:a:0", "-map_metadata", "-1",
		"-af", "aformat=channel_layouts=mono|stereo", // more channels are mixed down to two
		"-c:a", "pcm_f32le", "-fflags", "+bitexact", "-f", "wav", "pipe:1")
	if d.cmd, d.stderr, err = ffmpegCommand(ctx, args...); err != nil {
		return err
	}
	d.cmd.Stdin = in.stdin
	if d.stderr.about = "pipe:0: "; d.remove != "" {
		d.stderr.about = "file:" + d.remove + ": "
	}
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	if err := d.cmd.Start(); err != nil {
		return fmt.Errorf("start ffmpeg: %w", err)
	}
	d.wait = sync.OnceValue(d.cmd.Wait)
	r := bufio.NewReaderSize(stdout, 64<<10)
	head, _ := r.Peek(256) // shorter if the sound is
	h, err := readWAVHeader(bytes.NewReader(head), int64(len(head)))
	if err != nil {
		if werr := d.wait(); werr != nil {
			return d.stderr.explain(d.ctx, werr)
		}
		return errors.New("ffmpeg found no audio")
	}
	f := Format{Rate: h.rate, Channels: h.channels}
	if err := f.check(); err != nil {
		return err
	}
	if _, err := r.Discard(int(h.data)); err != nil {
		return fmt.Errorf("read from ffmpeg: %w", err)
	}
	d.samples = samples{format: f, r: r, bytes: 4, convert: float32s}
	return nil
}

func (d *ffmpegDecoder) ReadSamples(dst []float32) (int, error) {
	n, err := d.samples.ReadSamples(dst)
	if err == nil || err == io.ErrShortBuffer || d.wait == nil {
		return n, err
	}
	// The end of the pipe is the end of the sound only if ffmpeg says so.
	ended := err == io.EOF || err == ErrTruncated
	if !ended {
		d.cancel()
	}
	if werr := d.wait(); werr != nil && (ended || d.ctx.Err() != nil) {
		err = d.stderr.explain(d.ctx, werr)
	}
	d.samples.err, d.wait = err, nil
	return 0, err
}

// Close ends the process. That it was cut short is no error.
func (d *ffmpegDecoder) Close() error {
	d.cancel()
	if d.wait != nil {
		_ = d.wait() // it was killed, or says nothing that matters now
		d.wait = nil
		d.samples.err = os.ErrClosed
	}
	if d.remove == "" {
		return nil
	}
	err := os.Remove(d.remove)
	d.remove = ""
	return err
}

func spool(b []byte) (path string, err error) {
	f, err := os.CreateTemp("", "take-*")
	if err != nil {
		return "", orFull(err, os.TempDir())
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", orFull(errors.Join(err, os.Remove(f.Name())), os.TempDir())
	}
	return f.Name(), nil
}
