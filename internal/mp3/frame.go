package mp3

import (
	"errors"
	"fmt"
)

// frameBytes is the length of the MPEG frame whose header b begins with, 0 if
// it is not one of MPEG-1 layer III with a bit rate (ISO/IEC 11172-3, 2.4.2.3).
func frameBytes(b []byte) int {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xFE != 0xFA {
		return 0
	}
	bitrate, rate := int(b[2]>>4), int(b[2]>>2&3)
	if bitrate == 0 || bitrate >= len(bitrates) || rate >= len(rates) {
		return 0
	}
	return 144000*bitrates[bitrate]/rates[rate] + int(b[2]>>1&1)
}

// header is that of a frame without padding and checksum.
func (s Settings) header() [4]byte {
	bitrate, rate := 0, 0
	for i, v := range bitrates {
		if v == s.Bitrate {
			bitrate = i
		}
	}
	for i, v := range rates {
		if v == s.Rate {
			rate = i
		}
	}
	mode := byte(3 << 6) // one channel
	if s.Channels == 2 {
		mode = 0
		if s.Joint {
			mode = 1 << 6
		}
	}
	return [4]byte{0xFF, 0xFB, byte(bitrate<<4 | rate<<2), mode}
}

var errNoFrame = errors.New("MP3: not a whole number of MPEG frames")

// Cut passes over the first skip frames of b, keeps the next n, and returns
// them and what follows.
func Cut(b []byte, skip, n int) (kept, rest []byte, err error) {
	from := 0
	for i, at := 0, 0; ; i++ {
		if i == skip {
			from = at
		}
		if i == skip+n {
			return b[from:at:at], b[at:], nil
		}
		size := frameBytes(b[at:])
		if size == 0 || at+size > len(b) {
			return nil, nil, fmt.Errorf("%w: frame %d of %d", errNoFrame, i+1, skip+n)
		}
		at += size
	}
}

// Frames counts the frames of b, which holds nothing else.
func Frames(b []byte) (int, error) {
	n := 0
	for ; len(b) > 0; n++ {
		size := frameBytes(b)
		if size == 0 || size > len(b) {
			return 0, errNoFrame
		}
		b = b[size:]
	}
	return n, nil
}

// WithoutInfo is a stream without its Info or Xing frame, where it has one.
func WithoutInfo(b []byte) []byte {
	size := frameBytes(b)
	if size == 0 || size > len(b) {
		return b
	}
	at := 4 + sideInfo(b[3]>>6 == 3)
	if at+4 > size {
		return b
	}
	if name := string(b[at : at+4]); name == "Info" || name == "Xing" {
		return b[size:]
	}
	return b
}

// sideInfo is the length of a frame's side information in bytes (ISO/IEC
// 11172-3, 2.4.1.7).
func sideInfo(mono bool) int {
	if mono {
		return 17
	}
	return 32
}
