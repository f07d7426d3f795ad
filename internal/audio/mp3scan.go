package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// mpegHeader is the header of an MPEG audio frame (ISO 11172-3, 2.4.2.3).
type mpegHeader struct {
	version int // 1, 2, or 25 for 2.5
	layer   int
	rate    int // Hz
	mono    bool
	size    int  // bytes; 0 in the free format
	misread bool // go-mp3 0.3.4 takes the frame for one byte shorter
}

// frames is the number of audio frames in an MPEG frame of layer III.
func (h mpegHeader) frames() int64 {
	if h.version == 1 {
		return 1152
	}
	return 576
}

// same reports whether a frame of one stream may follow another.
func (h mpegHeader) same(g mpegHeader) bool {
	return h.version == g.version && h.layer == g.layer && h.rate == g.rate && h.mono == g.mono
}

// parseMPEGHeader reads the four bytes of a frame's header. The size is only
// worked out for layer III.
func parseMPEGHeader(b []byte) (h mpegHeader, ok bool) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 {
		return h, false
	}
	version, layer := b[1]>>3&3, b[1]>>1&3
	bitrate, rate := int(b[2]>>4), int(b[2]>>2&3)
	if version == 1 || layer == 0 || bitrate == 15 || rate == 3 || b[3]&3 == 2 {
		return h, false
	}
	h.layer = 4 - int(layer)
	h.rate = [3]int{44100, 48000, 32000}[rate]
	h.mono = b[3]>>6 == 3
	kbps := [15]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	factor := 144
	switch version {
	case 3:
		h.version = 1
	case 2:
		h.version, h.rate = 2, h.rate/2
	default:
		h.version, h.rate = 25, h.rate/4
	}
	if h.version != 1 {
		kbps = [15]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
		factor = 72
	}
	if h.layer == 3 && bitrate > 0 {
		h.size = factor * 1000 * kbps[bitrate] / h.rate
		if b[2]&2 != 0 { // padding
			h.size++
			// It halves the size of MPEG 1 together with the padding.
			h.misread = h.version != 1 && 144000*kbps[bitrate]/h.rate%2 == 0
		}
	}
	return h, true
}

// mp3Stream is an MP3 file in memory that was walked frame by frame.
type mp3Stream struct {
	header   mpegHeader
	audio    []byte // the MPEG frames, one after another, without the tag frame
	frames   int64  // audio frames that they decode to
	from, to int64  // what of them is played
}

// errNotOurs is an MP3 that go-mp3 cannot decode well; ffmpeg may.
var errNotOurs = errors.New("an MP3 for ffmpeg")

// errCut is one of them.
var errCut = fmt.Errorf("%w: its last frame is not whole", errNotOurs)

// tagSlack is how many frames may be missing of those that a tag counts:
// encoders count their own tag, or a last frame that they do not write.
const tagSlack = 2

// maxMP3Search is how far behind the tags the first frame may start.
const maxMP3Search = 64 << 10

// scanMP3 finds the frames in b and what of them is played. ID3v2 tags in
// front and anything behind the last frame are left out. The rules of
// gapless playing are ffmpeg's (libavformat/mp3dec.c), so that both decoders
// give the same frames.
func scanMP3(b []byte) (*mp3Stream, error) {
	b = skipID3(b)
	start := -1
	for i := range min(len(b), maxMP3Search) {
		if h, ok := parseMPEGHeader(b[i:]); ok && h.layer == 3 && h.size > 0 {
			next, ok := mpegHeader{}, false
			if i+h.size+4 <= len(b) {
				next, ok = parseMPEGHeader(b[i+h.size:])
			}
			if ok && next.same(h) || i+h.size == len(b) {
				start = i
				break
			}
		}
	}
	if start < 0 {
		return nil, fmt.Errorf("%w: no frames of layer III", errNotOurs)
	}
	b = b[start:]
	s := &mp3Stream{}
	s.header, _ = parseMPEGHeader(b)
	if s.header.version == 25 {
		return nil, fmt.Errorf("%w: MPEG 2.5", errNotOurs)
	}
	first := b[:s.header.size]
	tag, tagged := parseXing(first, s.header)
	if tagged || string(cut(first, 36, 4)) == "VBRI" {
		b = b[s.header.size:]
	}
	end, err := s.walk(b)
	if errors.Is(err, errCut) || err == nil {
		if have := s.frames / s.header.frames(); tag.frames > have+tagSlack {
			return nil, fmt.Errorf("%w: it has %d of the %d frames that it counts", ErrTruncated, have, tag.frames)
		}
	}
	if err != nil {
		return nil, err
	}
	s.audio = b[:end]
	if borrows(b[:end], s.header) {
		return nil, fmt.Errorf("%w: its beginning is missing", errNotOurs)
	}
	if err := s.trim(tag); err != nil {
		return nil, err
	}
	return s, nil
}

// walk counts the frames at the front of b and returns where they end.
func (s *mp3Stream) walk(b []byte) (end int, err error) {
	for end < len(b) {
		h, ok := parseMPEGHeader(b[end:])
		if !ok {
			if frameFollows(b[end:], s.header) {
				return 0, fmt.Errorf("%w: garbage between its frames", errNotOurs)
			}
			break
		}
		if !h.same(s.header) || h.size == 0 {
			return 0, fmt.Errorf("%w: its format changes", errNotOurs)
		}
		if h.misread {
			return 0, fmt.Errorf("%w: MPEG 2 with padding", errNotOurs)
		}
		if end+h.size > len(b) {
			return 0, errCut
		}
		end += h.size
		s.frames += h.frames()
	}
	return end, nil
}

// borrows reports whether the first frame of b needs bytes of frames before it
// (main_data_begin, the first field of the side information): go-mp3 makes
// noise of such frames.
func borrows(b []byte, h mpegHeader) bool {
	at := 4
	if len(b) > 1 && b[1]&1 == 0 {
		at += 2 // a CRC
	}
	begin := cut(b, at, 2)
	return len(begin) == 2 && (begin[0] != 0 || h.version == 1 && begin[1]&0x80 != 0)
}

// frameFollows reports whether b, which starts with something else, has two
// more frames of the stream.
func frameFollows(b []byte, like mpegHeader) bool {
	for i := range min(len(b), maxMP3Search) {
		h, ok := parseMPEGHeader(b[i:])
		if !ok || !h.same(like) || h.size == 0 || i+h.size >= len(b) {
			continue
		}
		if next, ok := parseMPEGHeader(b[i+h.size:]); ok && next.same(like) {
			return true
		}
	}
	return false
}

// decoderDelay is what every MP3 decoder is late by: 528 frames and one.
const decoderDelay = 529

// trim works out what is played: not the encoder's delay in front, not its
// padding at the end of the frames that the tag counted.
func (s *mp3Stream) trim(t xingTag) error {
	s.from, s.to = 0, s.frames
	counted := t.frames * s.header.frames()
	if t.frames > 0 && counted < s.frames {
		return fmt.Errorf("%w: another is put behind it", errNotOurs)
	}
	if !t.gapless {
		return nil
	}
	s.from = min(int64(t.delay)+decoderDelay, s.frames)
	if end := counted - int64(t.padding) + decoderDelay; t.frames > 0 {
		s.to = max(s.from, min(s.to, end))
	}
	return nil
}

// xingTag is the Xing or Info frame of an MP3 ("MP3 Info Tag rev 1").
type xingTag struct {
	frames         int64 // MPEG frames, without this one; 0 if not said
	bytes          int64 // of the file, from this frame on; 0 if not said
	gapless        bool  // delay and padding are said
	delay, padding int   // audio frames
}

// xingOffset is where the tag stands in its frame: behind the header and the
// side information.
func xingOffset(h mpegHeader) int {
	switch {
	case h.version == 1 && !h.mono:
		return 4 + 32
	case h.version != 1 && h.mono:
		return 4 + 9
	}
	return 4 + 17
}

func parseXing(frame []byte, h mpegHeader) (t xingTag, ok bool) {
	at := xingOffset(h)
	id := string(cut(frame, at, 4))
	if id != "Xing" && id != "Info" {
		return t, false
	}
	flags := cut(frame, at+4, 4)
	if len(flags) < 4 {
		return t, false
	}
	f := binary.BigEndian.Uint32(flags)
	pos := at + 8
	if f&1 != 0 {
		if n := cut(frame, pos, 4); len(n) == 4 {
			t.frames = int64(binary.BigEndian.Uint32(n))
		}
		pos += 4
	}
	if f&2 != 0 {
		if n := cut(frame, pos, 4); len(n) == 4 {
			t.bytes = int64(binary.BigEndian.Uint32(n))
		}
		pos += 4
	}
	if t.frames == 0 && t.bytes == 0 {
		return xingTag{}, false // a frame without a count is decoded as sound
	}
	if f&4 != 0 {
		pos += 100
	}
	if f&8 != 0 {
		pos += 4
	}
	switch string(cut(frame, pos, 4)) {
	case "LAME", "Lavf", "Lavc":
		if d := cut(frame, pos+21, 3); len(d) == 3 {
			t.gapless = true
			t.delay = int(d[0])<<4 | int(d[1])>>4
			t.padding = int(d[1]&15)<<8 | int(d[2])
		}
	}
	return t, true
}

// cut is b[at:at+n], or what is there of it.
func cut(b []byte, at, n int) []byte {
	return b[min(at, len(b)):min(at+n, len(b))]
}

// skipID3 is b behind its ID3v2 tags.
func skipID3(b []byte) []byte {
	for len(b) >= 10 && string(b[:3]) == "ID3" && (b[6]|b[7]|b[8]|b[9])&0x80 == 0 {
		n := 10 + int(b[6])<<21 + int(b[7])<<14 + int(b[8])<<7 + int(b[9])
		if b[5]&0x10 != 0 {
			n += 10 // a footer
		}
		b = b[min(n, len(b)):]
	}
	return b
}
