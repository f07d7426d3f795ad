package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Offsets in the Info frame, from its "Info" ("MP3 Info Tag rev 1", with all
// four optional fields).
const (
	infoDelay = 141 // 12 bits of delay, 12 bits of padding
	infoCRC   = 154 // of all before it
)

// mendInfo sets the padding in the Info frame of the MP3 at path so that a
// player gives back exactly frames, and refuses a file that is shorter than
// the frame says. ffmpeg 5.1 only counts what LAME added to the last MPEG
// frame, and 4 % of all lengths have up to 46 frames of padding in the one
// before.
func mendInfo(path string, frames int64) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b := make([]byte, 1500) // the longest MPEG frame is 1441 bytes
	n, err := io.ReadFull(f, b)
	switch {
	case err == io.EOF && frames == 0:
		return nil // ffmpeg writes nothing at all
	case err == io.EOF:
		return fmt.Errorf("ffmpeg wrote nothing into %s: is there room on the disk?", path)
	case err != nil && err != io.ErrUnexpectedEOF:
		return err
	}
	b = b[:n]
	h, ok := parseMPEGHeader(b)
	tag, tagged := parseXing(cut(b, 0, h.size), h)
	if !ok || !tagged || !tag.gapless {
		return fmt.Errorf("ffmpeg wrote no Info frame into %s: is there room on the disk?", path)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != tag.bytes {
		return fmt.Errorf("ffmpeg wrote %d of %d bytes of %s: is there room on the disk?", info.Size(), tag.bytes, path)
	}
	padding := tag.frames*h.frames() - int64(tag.delay) - frames
	at := xingOffset(h)
	if padding < 0 || padding > 0xFFF || len(b) < at+infoCRC+2 {
		return fmt.Errorf("the Info frame that ffmpeg wrote into %s is that of another length", path)
	}
	b[at+infoDelay+1] = b[at+infoDelay+1]&0xF0 | byte(padding>>8)
	b[at+infoDelay+2] = byte(padding)
	binary.BigEndian.PutUint16(b[at+infoCRC:], crc16(b[:at+infoCRC]))
	_, err = f.WriteAt(b[:at+infoCRC+2], 0)
	return err
}

// crc16 is the checksum of the Info frame: x¹⁶+x¹⁵+x²+1, reflected, from 0.
func crc16(b []byte) uint16 {
	var crc uint16
	for _, v := range b {
		crc ^= uint16(v)
		for range 8 {
			crc = crc>>1 ^ 0xA001*(crc&1)
		}
	}
	return crc
}
