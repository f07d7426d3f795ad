package id3

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// Read reads the tag that r begins with, and of r no more than the tag. It
// takes what other programs write, and leaves out frames it does not know or
// that are compressed, encrypted or damaged. The Tag's pictures share memory.
func Read(r io.Reader) (*Tag, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, ErrNoTag
		}
		return nil, fmt.Errorf("read an ID3 tag: %w", err)
	}
	size, ok := Size(head)
	if !ok {
		return nil, ErrNoTag
	}
	version := head[3]
	if version != 3 && version != 4 {
		return nil, ErrVersion
	}
	// ReadAll grows with what is there, not with what the header says.
	body, err := io.ReadAll(io.LimitReader(r, size-headerSize))
	if err != nil {
		return nil, fmt.Errorf("read an ID3 tag: %w", err)
	}
	if int64(len(body)) < size-headerSize {
		return nil, fmt.Errorf("%w: it ends after %d of %d bytes", ErrTag, len(body)+headerSize, size)
	}
	if version == 4 && head[5]&flagFooter != 0 {
		body = body[:len(body)-headerSize]
	}
	if version == 3 && head[5]&flagUnsync != 0 {
		body = resync(body)
	}
	if head[5]&flagExtended != 0 {
		if body, ok = skipExtended(version, body); !ok {
			return nil, fmt.Errorf("%w: its extended header", ErrTag)
		}
	}
	t := &Tag{}
	var day date
	for id, b := range frames(version, body) {
		t.take(version, id, b, &day)
	}
	t.Date = day.time()
	sort.SliceStable(t.Chapters, func(i, j int) bool { return t.Chapters[i].Start < t.Chapters[j].Start })
	return t, nil
}

// resync takes back unsynchronisation: FF 00 stands for FF (v2.3.0, section 5).
func resync(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0xff, 0}, []byte{0xff}) }

func skipExtended(version byte, b []byte) ([]byte, bool) {
	if len(b) < 4 {
		return nil, false
	}
	n := int64(binary.BigEndian.Uint32(b)) + 4 // v2.3: the size leaves itself out
	if version == 4 {
		size, ok := synchsafe(b)
		if !ok {
			return nil, false
		}
		n = int64(size)
	}
	if n < 4 || n > int64(len(b)) {
		return nil, false
	}
	return b[n:], true
}

// frames goes through the frames in b, sub-frames of a chapter as well, up to
// the padding or the first that is no frame.
func frames(version byte, b []byte) func(yield func(string, []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for len(b) > headerSize && frameID(b) {
			id := string(b[:4])
			size := frameSize(version, b)
			flags := b[9]
			rest := b[headerSize:]
			if size > int64(len(rest)) {
				return
			}
			body, ok := plainBody(version, flags, rest[:size])
			b = rest[size:]
			if ok && !yield(id, body) {
				return
			}
		}
	}
}

func frameID(b []byte) bool {
	for _, c := range b[:4] {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// frameSize is plain in v2.3 and synchsafe in v2.4; some programs write plain
// sizes in v2.4, so what leads to another frame, padding or the end wins.
func frameSize(version byte, b []byte) int64 {
	plain := int64(binary.BigEndian.Uint32(b[4:8]))
	if version == 3 {
		return plain
	}
	safe, ok := synchsafe(b[4:8])
	if !ok {
		return plain
	}
	follows := func(size int64) bool {
		at := headerSize + size
		switch left := int64(len(b)) - at; {
		case left < 0:
			return false
		case left < headerSize:
			return left == 0 || b[at] == 0
		}
		return b[at] == 0 || frameID(b[at:])
	}
	if !follows(int64(safe)) && follows(plain) {
		return plain
	}
	return int64(safe)
}

// plainBody is the body of a frame without what its flags add; ok is false
// for a compressed or encrypted one.
func plainBody(version, flags byte, b []byte) ([]byte, bool) {
	const (
		compressed3, encrypted3, grouped3          = 0x80, 0x40, 0x20
		grouped4, compressed4, encrypted4, unsync4 = 0x40, 0x08, 0x04, 0x02
		length4                                    = 0x01
	)
	skip := 0
	if version == 3 {
		if flags&(compressed3|encrypted3) != 0 {
			return nil, false
		}
		if flags&grouped3 != 0 {
			skip++
		}
	} else {
		if flags&(compressed4|encrypted4) != 0 {
			return nil, false
		}
		if flags&grouped4 != 0 {
			skip++
		}
		if flags&length4 != 0 {
			skip += 4
		}
	}
	if skip > len(b) {
		return nil, false
	}
	b = b[skip:]
	if version == 4 && flags&unsync4 != 0 {
		b = resync(b)
	}
	return b, true
}

// take lays one frame into the tag; the first of a kind wins.
func (t *Tag) take(version byte, id string, b []byte, day *date) {
	if len(b) == 0 {
		return
	}
	set := func(s *string) {
		if *s == "" {
			*s = decodeText(b[0], b[1:])
		}
	}
	switch id {
	case "TIT2":
		set(&t.Title)
	case "TPE1":
		set(&t.Artist)
	case "TALB":
		set(&t.Album)
	case "TPE2":
		set(&t.AlbumArtist)
	case "TYER":
		set(&day.year)
	case "TDAT":
		set(&day.day)
	case "TDRC":
		set(&day.full)
	case "TLAN":
		if t.Language == "" {
			t.Language = bcp47(decodeText(b[0], b[1:]))
		}
	case "TLEN":
		if ms, err := strconv.ParseUint(decodeText(b[0], b[1:]), 10, 32); err == nil {
			t.Length = time.Duration(ms) * time.Millisecond
		}
	case "WOAF":
		if t.Link == "" {
			t.Link = decodeText(encodingLatin1, b)
		}
	case "COMM":
		if description, text, ok := comment(b); ok && description == "" && t.Comment == "" {
			t.Comment = text
		}
	case "TXXX":
		name, text := cutText(b[0], b[1:])
		t.Notes = append(t.Notes, Note{decode(b[0], name), decodeText(b[0], text)})
	case "APIC":
		if file := picture(b); file != nil && t.Cover == nil {
			t.Cover = file
		}
	case "CHAP":
		if c, ok := chapter(version, b); ok {
			t.Chapters = append(t.Chapters, c)
		}
	}
}

func comment(b []byte) (description, text string, ok bool) {
	if len(b) < 4 {
		return "", "", false
	}
	d, rest := cutText(b[0], b[4:])
	return decode(b[0], d), decodeText(b[0], rest), true
}

func picture(b []byte) []byte {
	encoding := b[0]
	_, rest := cutText(encodingLatin1, b[1:]) // what it says of its type; the bytes say it better
	if len(rest) < 2 {
		return nil
	}
	_, file := cutText(encoding, rest[1:])
	if text.ImageType(file) == "" {
		return nil
	}
	return file
}

func chapter(version byte, b []byte) (Chapter, bool) {
	_, rest := cutText(encodingLatin1, b) // the element ID
	if len(rest) < 16 {
		return Chapter{}, false
	}
	c := Chapter{
		Start: time.Duration(binary.BigEndian.Uint32(rest)) * time.Millisecond,
		End:   time.Duration(binary.BigEndian.Uint32(rest[4:])) * time.Millisecond,
	}
	for id, b := range frames(version, rest[16:]) {
		switch {
		case len(b) == 0:
		case id == "TIT2" && c.Title == "":
			c.Title = decodeText(b[0], b[1:])
		case id == "WXXX" && c.Link == "":
			_, link := cutText(b[0], b[1:])
			c.Link = decodeText(encodingLatin1, link)
		case id == "APIC" && c.Image == nil:
			c.Image = picture(b)
		}
	}
	return c, true
}

// date gathers the frames that together say when.
type date struct{ year, day, full string }

func (d date) time() time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, d.full); err == nil {
			return t
		}
	}
	if t, err := time.Parse("20060201", d.year+d.day); err == nil {
		return t
	}
	t, err := time.Parse("2006", d.year)
	if err != nil {
		return time.Time{}
	}
	return t
}
