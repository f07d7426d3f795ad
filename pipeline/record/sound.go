package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/voices"
)

// Threshold is what counts as sound at the edges of a take: hiss and room
// tone of the engines measured lie under −60 dBFS, the softest consonants over
// −50 dBFS.
const Threshold level.DB = -50

// GuardSeconds is kept before the first and after the last sound over
// Threshold, so that a soft onset is not cut.
const GuardSeconds = 0.030

// Sound is recorded audio that was listened to. Frames count at Rate.
type Sound struct {
	SHA256    string    // of the file's bytes, hex
	MediaType string    // by the bytes
	Rate      int       // Hz
	Channels  int       // 1 or 2
	Frames    int64     // in all
	In, Out   int64     // [In, Out): from the guard before the first sound to that after the last; 0, 0 if silent
	Peak      level.DB  // highest sample
	Energies  []float32 // loudness of the frames between the guards in steps of 100 ms, as heard on two loudspeakers

	Marks []voices.Mark // of a take: when its words are spoken, in the file; nil where its endpoint does not tell
}

// Silent says that nothing in it is over Threshold.
func (s *Sound) Silent() bool { return s.Out <= s.In }

// Seconds from In to Out.
func (s *Sound) Seconds() float64 { return float64(s.Out-s.In) / float64(s.Rate) }

// Listen decodes and measures an audio file that is held in memory.
func Listen(ctx context.Context, file []byte) (Sound, error) {
	d, err := audio.Decode(ctx, file)
	if err != nil {
		return Sound{}, err
	}
	s, err := listen(d)
	if err != nil {
		return Sound{}, err
	}
	sum := sha256.Sum256(file)
	s.SHA256, s.MediaType = hex.EncodeToString(sum[:]), audio.Sniff(file)
	return s, nil
}

// TrackError is a track that cannot be used.
type TrackError struct {
	File string
	Err  error
}

func (e *TrackError) Error() string {
	return fmt.Sprintf("track %s: %v", e.File, e.Err)
}

// Unwrap is the cause.
func (e *TrackError) Unwrap() error { return e.Err }

// ListenFile decodes and measures a track. Its error is a *TrackError.
func ListenFile(ctx context.Context, path string) (Sound, error) {
	s, err := listenFile(ctx, path)
	if err != nil {
		return Sound{}, &TrackError{File: path, Err: err}
	}
	return s, nil
}

func listenFile(ctx context.Context, path string) (Sound, error) {
	f, err := os.Open(path)
	if err != nil {
		return Sound{}, err
	}
	defer f.Close()
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return Sound{}, err
	}
	h := sha256.New()
	h.Write(head[:n])
	if _, err := io.Copy(h, f); err != nil {
		return Sound{}, err
	}
	d, err := audio.DecodeFileWith(ctx, path, DecodeFrames)
	if err != nil {
		return Sound{}, noAudio(ctx, err)
	}
	s, err := listen(d)
	if err != nil {
		return Sound{}, noAudio(ctx, err)
	}
	if s.Silent() {
		return Sound{}, errors.New("there is no sound in it")
	}
	s.SHA256, s.MediaType = hex.EncodeToString(h.Sum(nil)), audio.Sniff(head[:n])
	return s, nil
}

// noAudio says what to do about a file that does not decode.
func noAudio(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, audio.ErrNoFFmpeg) {
		return err
	}
	return fmt.Errorf("this is no audio that ffmpeg can read: use an MP3, WAV, FLAC, Ogg or M4A file (%w)", err)
}

func listen(d audio.Decoder) (Sound, error) {
	a, err := audio.Analyse(d, Threshold)
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return Sound{}, err
	}
	s := Sound{
		Rate: a.Format.Rate, Channels: a.Format.Channels, Frames: a.Frames,
		In: a.In, Out: a.Out, Peak: a.Peak, Energies: a.Energies,
	}
	if a.Out > a.In {
		guard := int64(GuardSeconds * float64(s.Rate))
		s.In, s.Out = max(0, s.In-guard), min(s.Frames, s.Out+guard)
	}
	return s, nil
}
