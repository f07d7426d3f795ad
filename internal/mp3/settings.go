package mp3

import (
	"fmt"
	"slices"
)

// FrameSize is the number of samples a channel in an MPEG frame (ISO/IEC
// 11172-3, 2.4.2.1).
const FrameSize = 1152

// Delays of a stream in samples a channel: what LAME puts before the first
// sample (encoder.h, ENCDELAY), and what every decoder of layer III adds to it
// (its filter bank; "MP3 Info Tag rev 1").
const (
	EncoderDelay = 576
	DecoderDelay = 529
)

// Settle is how many MPEG frames of digital silence must end a stretch that is
// joined to another one: the delay of 1105 samples and the reach of the filter
// bank behind it, 480 (a window of 512) and 576 (one granule of the MDCT).
const Settle = 2

// Settings say how a stretch is encoded.
type Settings struct {
	Rate     int  // 32000, 44100 or 48000 Hz
	Channels int  // 1 or 2
	Bitrate  int  // kb/s, constant
	Joint    bool // joint stereo instead of left and right apart; nothing to one channel
}

// Bit rates of layer III in kb/s and sample rates in Hz, by their index in the
// header (ISO/IEC 11172-3, 2.4.2.3).
var (
	bitrates = [...]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	rates    = [...]int{44100, 48000, 32000}
)

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	switch {
	case !slices.Contains(rates[:], s.Rate):
		return fmt.Errorf("MP3: no sample rate of %d Hz; there are 32000, 44100 and 48000", s.Rate)
	case s.Channels != 1 && s.Channels != 2:
		return fmt.Errorf("MP3: %d channels; there are 1 and 2", s.Channels)
	case s.Bitrate == 0 || !slices.Contains(bitrates[:], s.Bitrate):
		return fmt.Errorf("MP3: no bit rate of %d kb/s; there are %v", s.Bitrate, bitrates[1:])
	}
	return nil
}

// Scale is what LAME 3.100 multiplies its input by at a bit rate in kb/s
// (libmp3lame/presets.c, abr_switch_map; the table holds for constant bit rates
// too, whatever the channels). A [Library] undoes it.
func Scale(bitrate int) float64 {
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
