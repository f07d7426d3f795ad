package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Format tags of a WAV file (Microsoft, "New Multimedia Data Types", 1994;
// WAVEFORMATEXTENSIBLE 2001).
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE // the tag is in the first two bytes of the subformat GUID
)

// maxWAVChunks bounds the walk to the audio through a hostile file.
const maxWAVChunks = 1024

// ErrTruncated is a sound that ends too early: bytes were lost.
var ErrTruncated = errors.New("the audio is cut off")

// wavHeader is what the chunks before the samples say.
type wavHeader struct {
	tag      int // extensible resolved
	channels int
	rate     int
	bits     int   // of a sample's container
	frame    int   // bytes
	data     int64 // offset of the samples
	size     int64 // bytes of samples that are there
	declared int64 // bytes of samples that the header says
}

// plain reports whether each sample has bytes of its own; that of other
// formats, such as ADPCM, is for ffmpeg to judge.
func (h wavHeader) plain() bool {
	return (h.tag == wavPCM || h.tag == wavFloat) && h.frame == h.channels*h.bits/8
}

// whole is an error if samples end inside a frame.
func (h wavHeader) whole() error {
	if rest := h.size % int64(h.frame); h.plain() && rest != 0 {
		return fmt.Errorf("%w inside a frame: %d bytes of %d", ErrTruncated, rest, h.frame)
	}
	return nil
}

// heard is an error if b, which starts with h, has sound that its sizes leave
// out, or that would be heard as noise: another WAV file behind it, as where
// answers were joined byte by byte, or bytes that belong to no chunk. Of those
// a tenth of a second is let pass, as padding.
func (h wavHeader) heard(b []byte) error {
	end := h.data + h.size
	rest := b[end:]
	if h.size != h.declared { // what follows was taken for samples
		rest = b[h.data:]
	}
	if i := bytes.Index(rest, []byte("WAVEfmt ")) - 8; i >= 0 && string(rest[i:i+4]) == "RIFF" {
		return errors.New("another WAV file is put behind the first, which alone would be heard")
	}
	if h.size != h.declared || chunksFill(bytes.NewReader(b), end+h.size&1, int64(len(b))) {
		return nil
	}
	if lost := int64(len(rest)); lost > int64(h.rate)*int64(h.frame)/10 {
		return fmt.Errorf("%d bytes behind its samples are no chunk; its header says %d bytes of samples", lost, h.size)
	}
	return nil
}

// readWAVHeader walks the chunks of a RIFF/WAVE file of size bytes up to its
// samples. Sizes that run past the end are clamped to it, and a size of 0 that
// no chunk follows means "to the end": streaming writers leave 0, 0x7FFFF000,
// 0xFFFFFFFF and other values they never come back to mend.
func readWAVHeader(r io.ReaderAt, size int64) (wavHeader, error) {
	var h wavHeader
	var b [40]byte
	if n, _ := r.ReadAt(b[:12], 0); n < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return h, fmt.Errorf("no WAV file: it starts with % x", b[:n])
	}
	pos := int64(12)
	for range maxWAVChunks {
		if n, _ := r.ReadAt(b[:8], pos); n < 8 {
			break
		}
		id, length := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:8]))
		pos += 8
		switch id {
		case "fmt ":
			n, _ := r.ReadAt(b[:min(length, int64(len(b)))], pos)
			if err := h.setFormat(b[:n]); err != nil {
				return h, err
			}
		case "data":
			if h.frame == 0 {
				return h, errors.New("WAV file without a format before its samples")
			}
			h.data, h.declared, h.size = pos, length, length
			if rest := size - pos; length > rest || length == 0 && !chunksFill(r, pos, size) {
				h.size = rest
			}
			return h, nil
		}
		pos += length + length&1
	}
	return h, errors.New("WAV file without samples")
}

// chunksFill reports whether well-formed chunks fill r from pos to size
// exactly. It tells an empty data chunk from one whose size was never written.
func chunksFill(r io.ReaderAt, pos, size int64) bool {
	var b [8]byte
	for range maxWAVChunks {
		if pos >= size {
			return true
		}
		if n, _ := r.ReadAt(b[:], pos); n < len(b) {
			return false
		}
		for _, c := range b[:4] {
			if c < ' ' || c > '~' {
				return false
			}
		}
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		pos += 8 + length
		if pos > size {
			return false
		}
		pos += length & 1
	}
	return false
}

func (h *wavHeader) setFormat(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("WAV format of %d bytes; 16 are the least", len(b))
	}
	h.tag = int(binary.LittleEndian.Uint16(b))
	h.channels = int(binary.LittleEndian.Uint16(b[2:]))
	rate := binary.LittleEndian.Uint32(b[4:])
	h.frame = int(binary.LittleEndian.Uint16(b[12:]))
	h.bits = int(binary.LittleEndian.Uint16(b[14:]))
	if h.tag == wavExtensible && len(b) >= 26 {
		h.tag = int(binary.LittleEndian.Uint16(b[24:]))
	}
	if h.channels == 0 || h.frame == 0 {
		return fmt.Errorf("WAV format of %d channels and %d bytes a frame", h.channels, h.frame)
	}
	if rate < minRate || rate > maxRate {
		return fmt.Errorf("WAV format with a sample rate of %d Hz", rate)
	}
	h.rate = int(rate)
	return nil
}

// MendWAV returns a WAV file whose sizes are true: a size that lies is clamped
// to the bytes that are there. b is returned itself if it is true already, and
// is never written to. Chunks before the samples, and after samples of a true
// size, are kept. A file that ends inside a frame is ErrTruncated.
func MendWAV(b []byte) ([]byte, error) {
	h, err := readWAVHeader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("mend WAV: %w", err)
	}
	if err := errors.Join(h.whole(), h.heard(b)); err != nil {
		return nil, fmt.Errorf("mend WAV: %w", err)
	}
	if int64(len(b))-8 > math.MaxUint32 {
		return nil, fmt.Errorf("mend WAV: %d bytes are more than its sizes can say", len(b))
	}
	end := h.data + h.size
	pad := end == int64(len(b)) && h.size&1 == 1 // a chunk fills whole words
	riff := uint32(len(b) - 8)
	if pad {
		riff++
	}
	if h.size == h.declared && binary.LittleEndian.Uint32(b[4:]) == riff && !pad {
		return b, nil
	}
	out := make([]byte, len(b), len(b)+1)
	copy(out, b)
	if pad {
		out = append(out, 0)
	}
	binary.LittleEndian.PutUint32(out[4:], riff)
	binary.LittleEndian.PutUint32(out[h.data-4:], uint32(h.size))
	return out, nil
}

// WrapPCM makes a WAV file of bare samples. The encoding is pcm_s16le or
// pcm_f32le; an incomplete frame at the end is ErrTruncated.
func WrapPCM(b []byte, encoding string, rate, channels int) ([]byte, error) {
	if err := (Format{Rate: rate, Channels: channels}).check(); err != nil {
		return nil, fmt.Errorf("wrap PCM: %w", err)
	}
	h := wavHeader{channels: channels, rate: rate, size: int64(len(b))}
	switch encoding {
	case "pcm_s16le":
		h.tag, h.bits = wavPCM, 16
	case "pcm_f32le":
		h.tag, h.bits = wavFloat, 32
	default:
		return nil, fmt.Errorf("wrap PCM: encoding %q; pcm_s16le and pcm_f32le can be done", encoding)
	}
	h.frame = channels * h.bits / 8
	if err := h.whole(); err != nil {
		return nil, fmt.Errorf("wrap PCM: %w", err)
	}
	if h.size > math.MaxUint32-wavHeaderSize {
		return nil, fmt.Errorf("wrap PCM: %d bytes are more than a WAV file holds", len(b))
	}
	out := make([]byte, 0, wavHeaderSize+len(b))
	return append(h.appendTo(out), b...), nil
}

// wavHeaderSize is the length of the plain header: RIFF, fmt of 16 bytes, data.
const wavHeaderSize = 44

// appendTo appends the plain header of samples in the format of h.
func (h wavHeader) appendTo(b []byte) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(append(b, "RIFF"...), uint32(h.size+wavHeaderSize-8))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, uint16(h.tag))
	b = le.AppendUint16(b, uint16(h.channels))
	b = le.AppendUint32(b, uint32(h.rate))
	b = le.AppendUint32(b, uint32(h.rate*h.frame))
	b = le.AppendUint16(b, uint16(h.frame))
	b = le.AppendUint16(b, uint16(h.bits))
	return le.AppendUint32(append(b, "data"...), uint32(h.size))
}
