package audio

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Encoding is a kind of file and how it is encoded: one of the Options of this
// package.
type Encoding interface {
	// Encoder is ffmpeg's name of who encodes.
	Encoder() string

	name() string // of the kind, for errors
	// args are what ffmpeg is told beside the encoder, or why it cannot be done.
	args(f Format) ([]string, error)
	gain() float64 // that undoes what the encoder does to the level
	// finish makes sure that the file is whole and plays so many frames.
	finish(path string, frames int64) error
}

// AACOptions encode AAC-LC in an MP4 file that starts with its index. Its edit
// list leaves out the encoder's delay, and says the length to the frame: its
// times count frames.
type AACOptions struct {
	Bitrate int  // kb/s; more than AAC can hold is as much as it can
	Book    bool // the brand says M4B, an audiobook, instead of M4A
}

func (AACOptions) name() string { return "AAC" }

// Encoder is ffmpeg's own.
func (AACOptions) Encoder() string { return "aac" }

// aacMost is what AAC-LC holds at most: 6144 bits for 1024 frames of a channel
// (ISO/IEC 14496-3, 4.5.3).
const aacMost = 6

func (o AACOptions) args(f Format) ([]string, error) {
	switch f.Rate {
	case 32000, 44100, 48000:
	default:
		return nil, fmt.Errorf("no sample rate of %d Hz; 44100 and 48000 are usual", f.Rate)
	}
	if o.Bitrate < 16 {
		return nil, fmt.Errorf("no bit rate of %d kb/s; 64 is usual for one channel", o.Bitrate)
	}
	brand := "M4A "
	if o.Book {
		brand = "M4B "
	}
	return []string{
		"-b:a", strconv.Itoa(min(o.Bitrate*1000, aacMost*f.Rate*f.Channels)),
		// The times of the edit list would be rounded to milliseconds.
		"-movie_timescale", strconv.Itoa(f.Rate),
		"-movflags", "+faststart", "-brand", brand, "-f", "ipod",
	}, nil
}

func (AACOptions) gain() float64 { return 1 }

func (AACOptions) finish(path string, frames int64) error { return wholeMP4(path, frames) }

// OpusOptions encode Opus in an Ogg stream. Its pre-skip and the position of
// its last page leave out what the encoder adds.
type OpusOptions struct {
	Bitrate int // kb/s on average
}

// OpusRate is the only rate of an Opus stream, in Hz (RFC 7845, section 4).
const OpusRate = 48000

func (OpusOptions) name() string { return "Opus" }

// Encoder is ffmpeg's.
func (OpusOptions) Encoder() string { return "libopus" }

func (o OpusOptions) args(f Format) ([]string, error) {
	if f.Rate != OpusRate {
		return nil, fmt.Errorf("no sample rate of %d Hz; it is always %d", f.Rate, OpusRate)
	}
	if most := 256 * f.Channels; o.Bitrate < 6 || o.Bitrate > most { // libopus takes no more
		return nil, fmt.Errorf("no bit rate of %d kb/s; there are 6 to %d", o.Bitrate, most)
	}
	return []string{"-b:a", strconv.Itoa(o.Bitrate) + "k", "-vbr", "on", "-application", "audio", "-f", "opus"}, nil
}

func (OpusOptions) gain() float64 { return 1 }

func (OpusOptions) finish(path string, frames int64) error { return wholeOpus(path, frames) }

// FLACOptions encode FLAC.
type FLACOptions struct {
	Bits int // of a sample, 16 or 24
}

func (FLACOptions) name() string { return "FLAC" }

// Encoder is ffmpeg's own.
func (FLACOptions) Encoder() string { return "flac" }

func (o FLACOptions) args(Format) ([]string, error) {
	switch o.Bits {
	case 16:
		return []string{"-sample_fmt", "s16", "-f", "flac"}, nil
	case 24:
		return []string{"-sample_fmt", "s32", "-bits_per_raw_sample", "24", "-f", "flac"}, nil
	}
	return nil, noBits(o.Bits)
}

func (FLACOptions) gain() float64 { return 1 }

func (FLACOptions) finish(path string, frames int64) error { return wholeFLAC(path, frames) }

// WAVOptions write a WAV file, RF64 (EBU Tech 3306) past 4 GiB.
type WAVOptions struct {
	Bits int // of a sample, 16 or 24
}

func (WAVOptions) name() string { return "WAV" }

// Encoder is ffmpeg's own.
func (o WAVOptions) Encoder() string { return fmt.Sprintf("pcm_s%dle", o.Bits) }

func (o WAVOptions) args(Format) ([]string, error) {
	if o.Bits != 16 && o.Bits != 24 {
		return nil, noBits(o.Bits)
	}
	return []string{"-rf64", "auto", "-f", "wav"}, nil
}

func (WAVOptions) gain() float64 { return 1 }

func (WAVOptions) finish(path string, frames int64) error { return wholeWAV(path, frames) }

func noBits(bits int) error { return fmt.Errorf("no samples of %d bits; there are 16 and 24", bits) }

// Encoders are the names of the encoders that the installed ffmpeg has.
func Encoders(ctx context.Context) (map[string]bool, error) {
	cmd, stderr, err := ffmpegCommand(ctx, "-encoders")
	if err != nil {
		return nil, err
	}
	out, err := cmd.Output()
	if err != nil {
		return nil, stderr.explain(ctx, err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(out)) { // " A....D aac   AAC (Advanced Audio Coding)"
		if f := strings.Fields(line); len(f) > 1 && f[0][0] == 'A' && f[1] != "=" { // not the legend
			have[f[1]] = true
		}
	}
	return have, nil
}
