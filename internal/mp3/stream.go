package mp3

import (
	"encoding/binary"
	"fmt"
)

// Stream is what an Info frame tells of the frames behind it. Pieces are added
// in order; nothing of them is kept but what is counted.
type Stream struct {
	settings Settings
	frames   int64
	bytes    int64
	crc      uint16
	places   []place
}

// place is the end of a piece.
type place struct{ frames, bytes int64 }

// NewStream counts a stream of frames with these settings.
func NewStream(s Settings) (*Stream, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return &Stream{settings: s}, nil
}

// Add counts a piece: its frames, its length in bytes and its [CRC].
func (s *Stream) Add(frames int, bytes int64, crc uint16) {
	s.frames += int64(frames)
	s.bytes += bytes
	s.crc = crcJoin(s.crc, crc, bytes)
	s.places = append(s.places, place{s.frames, s.bytes})
}

// Bytes is the length of the whole, with the Info frame.
func (s *Stream) Bytes() int64 { return s.bytes + int64(s.infoBytes()) }

// Offsets in an Info frame, from its "Info", with all four optional fields
// ("MP3 Info Tag rev 1").
const (
	infoFlags    = 4
	infoFrames   = 8
	infoLength   = 12
	infoTOC      = 16
	infoQuality  = 116
	infoEncoder  = 120
	infoMethod   = 129
	infoLowpass  = 130
	infoATH      = 139
	infoBitrate  = 140
	infoDelay    = 141
	infoMusic    = 148
	infoMusicCRC = 152
	infoCRC      = 154
	infoEnd      = 156
)

// infoSettings are those of the Info frame itself: its bit rate is the
// stream's, or the least that it has room in.
func (s *Stream) infoSettings() Settings {
	set := s.settings
	need := 4 + sideInfo(set.Channels == 1) + infoEnd
	for _, rate := range bitrates[1:] {
		if rate >= s.settings.Bitrate && 144000*rate/set.Rate >= need {
			set.Bitrate = rate
			break
		}
	}
	return set
}

func (s *Stream) infoBytes() int {
	h := s.infoSettings().header()
	return frameBytes(h[:])
}

// Info is the frame in front of the stream, with which a player gives back
// exactly played samples a channel: delay, padding, a table of contents, and
// checksums.
func (s *Stream) Info(played int64) ([]byte, error) {
	padding := s.frames*FrameSize - EncoderDelay - played
	if played < 0 || padding < DecoderDelay || padding > 0xFFF {
		return nil, fmt.Errorf("MP3: %d MPEG frames do not hold %d samples", s.frames, played)
	}
	h := s.infoSettings().header()
	b := make([]byte, s.infoBytes())
	copy(b, h[:])
	t := b[4+sideInfo(s.settings.Channels == 1):]
	copy(t, "Info")
	t[infoFlags+3] = 1 | 2 | 4 | 8 // frames, bytes, table of contents, quality
	binary.BigEndian.PutUint32(t[infoFrames:], uint32(s.frames))
	binary.BigEndian.PutUint32(t[infoLength:], uint32(s.Bytes()))
	s.contents(t[infoTOC:infoQuality])
	binary.BigEndian.PutUint32(t[infoQuality:], 50) // as LAME has it for its quality of 5
	copy(t[infoEncoder:infoMethod], "LAME3.100")
	t[infoMethod] = 1  // revision 0, constant bit rate
	t[infoLowpass] = 0 // not told
	t[infoATH] = 0     //
	t[infoBitrate] = byte(min(s.settings.Bitrate, 255))
	t[infoDelay] = byte(EncoderDelay >> 4)
	t[infoDelay+1] = byte(EncoderDelay&15<<4 | padding>>8)
	t[infoDelay+2] = byte(padding)
	binary.BigEndian.PutUint32(t[infoMusic:], uint32(s.Bytes()))
	binary.BigEndian.PutUint16(t[infoMusicCRC:], s.crc)
	binary.BigEndian.PutUint16(t[infoCRC:], CRC(b[:len(b)-len(t)+infoCRC]))
	return b, nil
}

// contents says for each hundredth of the time how many 256ths of the bytes
// stand before it (Xing's table of contents).
func (s *Stream) contents(toc []byte) {
	info := int64(s.infoBytes())
	var before place
	i := 0
	for k := range toc {
		frame := int64(k) * s.frames / int64(len(toc))
		for i < len(s.places)-1 && s.places[i].frames <= frame {
			before = s.places[i]
			i++
		}
		at := before.bytes
		if n := s.places[i].frames - before.frames; n > 0 {
			at += (s.places[i].bytes - before.bytes) * (frame - before.frames) / n
		}
		toc[k] = byte(min((info+at)*256/s.Bytes(), 255))
	}
}
