package audio

import "testing"

// TestMPEGHeaderSizes knows the length of a frame at every bit rate and sample rate:
// one that is wrong loses the place of all that follow it. The rates are those of
// ISO/IEC 11172-3 and 13818-3, section 2.4.2.3.
func TestMPEGHeaderSizes(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name    string
		bits    byte // of the version, in the second byte
		version int
		samples int // in a frame
		rates   [3]int
		kbps    []int
	}{
		{"MPEG 1", 3, 1, 1152, [3]int{44100, 48000, 32000}, []int{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
		{"MPEG 2", 2, 2, 576, [3]int{22050, 24000, 16000}, []int{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
		{"MPEG 2.5", 0, 25, 576, [3]int{11025, 12000, 8000}, []int{8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
	} {
		for i, rate := range v.rates {
			for k, kbps := range v.kbps {
				for padding := range 2 {
					b := []byte{0xFF, 0xE3 | v.bits<<3, byte(k+1)<<4 | byte(i)<<2 | byte(padding)<<1, 0xC0}
					h, ok := parseMPEGHeader(b)
					want := v.samples/8*kbps*1000/rate + padding
					if !ok || h.version != v.version || h.layer != 3 || h.rate != rate || !h.mono || h.size != want {
						t.Errorf("%s, %d Hz, %d kbit/s, padding %d: %+v, %v; want %d bytes", v.name, rate, kbps, padding, h, ok, want)
					}
				}
			}
		}
	}
}
