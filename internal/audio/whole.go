package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// The checks of a finished file. ffmpeg 5.1 may end well when the disk did not
// take all it wrote, and a file of another length would put chapters and
// transcripts out of place.

// errNotWhole is a file that ffmpeg did not finish.
var errNotWhole = errors.New("ffmpeg did not finish it: is there room on the disk?")

// whole opens a finished file and gives its size to look.
func whole(path string, frames int64, look func(f *os.File, size int64) (played int64, err error)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	played, err := look(f, info.Size())
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errNotWhole
	}
	if err == nil && played != frames {
		err = fmt.Errorf("ffmpeg wrote a file of %d frames where there are %d", played, frames)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func wholeWAV(path string, frames int64) error {
	return whole(path, frames, func(f *os.File, size int64) (int64, error) {
		var head [80]byte
		if n, _ := f.ReadAt(head[:], 0); n >= 80 && string(head[:4]) == "RF64" {
			// ffmpeg's ds64 stands first: sizes of the file and of the samples,
			// then their number of frames, in 64 bits each.
			le := binary.LittleEndian
			if string(head[12:16]) != "ds64" || int64(le.Uint64(head[20:]))+8 != size {
				return 0, errNotWhole
			}
			h, err := readWAVHeader(riff{f}, size)
			if err != nil {
				return 0, errNotWhole
			}
			return int64(le.Uint64(head[28:])) / int64(h.frame), nil
		}
		h, err := readWAVHeader(f, size)
		if err != nil || h.size != h.declared && frames > 0 || h.frame == 0 {
			return 0, errNotWhole
		}
		return h.size / int64(h.frame), nil
	})
}

// riff shows an RF64 file as the RIFF file that it is but for its name.
type riff struct{ io.ReaderAt }

func (r riff) ReadAt(b []byte, at int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(b, at)
	if at == 0 && n >= 4 {
		copy(b, "RIFF")
	}
	return n, err
}

// wholeFLAC reads STREAMINFO, the first block, which ffmpeg writes again at the
// end (RFC 9639, section 8.2): the number of frames is the last 36 of the 64
// bits at byte 10 of it.
func wholeFLAC(path string, frames int64) error {
	return whole(path, frames, func(f *os.File, _ int64) (int64, error) {
		var head [26]byte
		if _, err := f.ReadAt(head[:], 0); err != nil {
			return 0, err
		}
		if string(head[:4]) != "fLaC" || head[4]&0x7F != 0 {
			return 0, errNotWhole
		}
		return int64(binary.BigEndian.Uint64(head[18:]) & (1<<36 - 1)), nil
	})
}

// wholeOpus reads the pre-skip from the first page and the position from the
// last (RFC 7845, sections 4 and 5.1; RFC 3533, section 6).
func wholeOpus(path string, frames int64) error {
	return whole(path, frames, func(f *os.File, size int64) (int64, error) {
		const (
			segments = 26 // offset of their number in a page's head
			longest  = segments + 1 + 255 + 255*255
			last     = 4 // the flag of the last page, at offset 5
		)
		var head [512]byte
		if n, err := f.ReadAt(head[:], 0); n < segments+1+12 || err != nil && !errors.Is(err, io.EOF) {
			return 0, errNotWhole
		}
		body := segments + 1 + int(head[segments])
		if string(head[:4]) != "OggS" || string(cut(head[:], body, 8)) != "OpusHead" {
			return 0, errNotWhole
		}
		skip := int64(binary.LittleEndian.Uint16(head[body+10:]))
		tail := make([]byte, min(size, longest))
		if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
			return 0, err
		}
		at := bytes.LastIndex(tail, []byte("OggS\x00"))
		if at < 0 || len(tail) < at+segments+1 || tail[at+5]&last == 0 {
			return 0, errNotWhole
		}
		end := at + segments + 1 + int(tail[at+segments])
		for _, n := range cut(tail, at+segments+1, int(tail[at+segments])) {
			end += int(n)
		}
		if end != len(tail) {
			return 0, errNotWhole
		}
		return int64(binary.LittleEndian.Uint64(tail[at+6:])) - skip, nil
	})
}

// wholeMP4 walks the boxes of the file to its end, and reads the length of the
// movie, in its own timescale, which is the rate (ISO/IEC 14496-12, sections
// 4.2 and 8.2.2; version 0 as ffmpeg writes it below 2^31 frames, else 1).
func wholeMP4(path string, frames int64) error {
	return whole(path, frames, func(f *os.File, size int64) (int64, error) {
		played := int64(-1)
		samples := false
		var b [40]byte
		for at := int64(0); at < size; {
			if _, err := f.ReadAt(b[:8], at); err != nil {
				return 0, err
			}
			n, head := int64(binary.BigEndian.Uint32(b[:])), int64(8)
			kind := string(b[4:8])
			if n == 1 { // the size is a long one
				if _, err := f.ReadAt(b[8:16], at+8); err != nil {
					return 0, err
				}
				n, head = int64(binary.BigEndian.Uint64(b[8:])), 16
			}
			if n < head || n > size-at {
				return 0, errNotWhole
			}
			switch kind {
			case "mdat":
				samples = true
			case "moov": // its first box is mvhd
				if _, err := f.ReadAt(b[:], at+head); err != nil {
					return 0, err
				}
				if string(b[4:8]) != "mvhd" {
					return 0, errNotWhole
				}
				if played = int64(binary.BigEndian.Uint32(b[24:])); b[8] == 1 {
					played = int64(binary.BigEndian.Uint64(b[32:]))
				}
			}
			at += n
		}
		if !samples || played < 0 {
			return 0, errNotWhole
		}
		return played, nil
	})
}
