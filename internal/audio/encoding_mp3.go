package audio

import (
	"fmt"
	"slices"
	"strconv"
)

// MP3Options encode an MP3 of a constant bit rate by LAME. Its Info frame has
// the encoder's delay and padding, so players give back exactly the frames
// written.
type MP3Options struct {
	Bitrate int  // kb/s, constant
	Joint   bool // joint stereo instead of left and right apart; nothing to one channel
	Apart   bool // no frame borrows bits from one before it
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

func (MP3Options) name() string { return "MP3" }

// Encoder is ffmpeg's.
func (MP3Options) Encoder() string { return "libmp3lame" }

func (o MP3Options) args(f Format) ([]string, error) {
	switch rates := bitrates(f.Rate); {
	case rates == nil:
		return nil, fmt.Errorf("no sample rate of %d Hz; 44100 and 48000 are usual", f.Rate)
	case !slices.Contains(rates, o.Bitrate):
		return nil, fmt.Errorf("no bit rate of %d kb/s at %d Hz; there are %v", o.Bitrate, f.Rate, rates)
	}
	joint, reservoir := "0", "1"
	if o.Joint {
		joint = "1"
	}
	if o.Apart {
		reservoir = "0"
	}
	return []string{
		"-b:a", strconv.Itoa(o.Bitrate) + "k", "-joint_stereo", joint, "-reservoir", reservoir,
		"-write_xing", "1", "-id3v2_version", "0", "-write_id3v1", "0", "-f", "mp3",
	}, nil
}

func (o MP3Options) gain() float64 { return 1 / lameScale(o.Bitrate) }

func (MP3Options) finish(path string, frames int64) error { return mendInfo(path, frames) }
