package mp4

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"golang.org/x/text/language"
)

// movie is an index that is to be written anew.
type movie struct {
	boxes    []box // of the moov
	sound    int   // index in boxes of the sound's track
	drop     []int // tracks of chapters that were there
	id       uint32
	scale    uint32 // of the movie: units a second
	duration uint64 // of the movie, in these units
	wide     bool   // places in the file are 64 bits

	tag      *Tag
	chapters []Chapter
	texts    []byte // of all chapters, one behind the other
	sizes    []uint32
	kept     []byte // boxes of the old user data that stay
	gapless  []byte // items of the old metadata that stay
}

// openMovie reads a moov as far as it is changed.
func openMovie(body []byte, t *Tag, chapters []Chapter) (*movie, error) {
	m := &movie{tag: t, chapters: chapters, sound: -1}
	var err error
	if m.boxes, err = split(body); err != nil {
		return nil, err
	}
	ids := map[uint32]int{}
	for i, x := range m.boxes {
		switch x.kind {
		case "mvhd":
			if m.scale, m.duration, err = times(x.body, 4); err != nil {
				return nil, err
			}
		case "trak":
			id, err := trackID(x.body)
			if err != nil {
				return nil, err
			}
			ids[id] = i
			m.id = max(m.id, id)
			if m.sound < 0 && handler(x.body) == "soun" {
				m.sound = i
			}
		case "udta":
			if err := m.keep(x.body); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case m.sound < 0 || m.scale == 0:
		return nil, fmt.Errorf("%w: no track of it is sound", ErrFormat)
	case m.id == math.MaxUint32:
		return nil, fmt.Errorf("%w: a track with the number %d", ErrBroken, m.id)
	}
	m.id++
	for ref := find(m.boxes[m.sound].body, "tref", "chap"); len(ref) >= 4; ref = ref[4:] {
		if i, ok := ids[binary.BigEndian.Uint32(ref)]; ok && i != m.sound {
			m.drop = append(m.drop, i)
		}
	}
	for _, c := range chapters {
		text := textSample(c.Title)
		m.texts = append(m.texts, text...)
		m.sizes = append(m.sizes, uint32(len(text)))
	}
	return m, nil
}

// keep takes what stays of user data: all but the tags and Nero's chapters.
func (m *movie) keep(udta []byte) error {
	boxes, err := split(udta)
	if err != nil {
		return err
	}
	for _, x := range boxes {
		switch x.kind {
		case "chpl":
		case "meta":
			for _, item := range items(x.body) {
				if item.name == gaplessName {
					m.gapless = append(m.gapless, appendBytes(nil, freeform, item.body...)...)
				}
			}
		default:
			m.kept = appendBytes(m.kept, x.kind, x.body...)
		}
	}
	return nil
}

// append writes the moov.
func (m *movie) append(b []byte, l *layout) ([]byte, error) {
	var err error
	b = appendBox(b, "moov", func(b []byte) []byte {
		for i, x := range m.boxes {
			switch {
			case err != nil, x.kind == "udta", slices.Contains(m.drop, i):
			case x.kind == "mvhd" && len(m.chapters) > 0:
				b = appendBytes(b, x.kind, x.body...)
				binary.BigEndian.PutUint32(b[len(b)-4:], m.id+1) // the next track's number (section 8.2.2)
			case x.kind == "trak":
				b, err = m.appendTrack(b, x.body, i == m.sound, l)
			default:
				b = appendBytes(b, x.kind, x.body...)
			}
		}
		if len(m.chapters) > 0 {
			b = m.appendText(b, l)
		}
		return appendBox(b, "udta", func(b []byte) []byte {
			b = append(b, m.kept...)
			b = m.appendMeta(b)
			return appendNero(b, m.chapters)
		})
	})
	if err == nil && len(b) > maxIndex {
		err = fmt.Errorf("the index is %d MiB; the most is %d MiB", len(b)>>20, maxIndex>>20)
	}
	return b, err
}

// appendTrack copies a track with the places of its samples as they are now.
func (m *movie) appendTrack(b, body []byte, sound bool, l *layout) (_ []byte, err error) {
	boxes, err := split(body)
	if err != nil {
		return b, err
	}
	b = appendBox(b, "trak", func(b []byte) []byte {
		for _, x := range boxes {
			switch {
			case err != nil, x.kind == "tref" && sound:
			case x.kind == "mdia":
				if sound && len(m.chapters) > 0 {
					b = appendBox(b, "tref", func(b []byte) []byte {
						return appendBox(b, "chap", func(b []byte) []byte { return u32(b, m.id) })
					})
				}
				b, err = m.appendMedia(b, x, sound, l)
			default:
				b = appendBytes(b, x.kind, x.body...)
			}
		}
		return b
	})
	return b, err
}

// appendMedia copies a box of a track, and the boxes in it that lead to what is
// changed.
func (m *movie) appendMedia(b []byte, x box, sound bool, l *layout) (_ []byte, err error) {
	switch x.kind {
	case "mdia", "minf", "stbl":
		boxes, err := split(x.body)
		if err != nil {
			return b, err
		}
		b = appendBox(b, x.kind, func(b []byte) []byte {
			for _, y := range boxes {
				if err == nil {
					b, err = m.appendMedia(b, y, sound, l)
				}
			}
			return b
		})
		return b, err
	case "mdhd":
		b = appendBytes(b, x.kind, x.body...)
		if code, ok := packed(m.tag.Language); ok && sound && len(x.body) >= 24 {
			binary.BigEndian.PutUint16(b[len(b)-4:], code) // the last but two bytes (section 8.4.2)
		}
		return b, nil
	case "stco", "co64":
		places, err := chunks(x)
		if err != nil {
			return b, err
		}
		for i, at := range places {
			if places[i], err = l.moved(at); err != nil {
				return b, err
			}
		}
		return m.appendChunks(b, places), nil
	}
	return appendBytes(b, x.kind, x.body...), nil
}

// appendChunks writes a table of where chunks stand (section 8.7.5).
func (m *movie) appendChunks(b []byte, places []uint64) []byte {
	kind := "stco"
	if m.wide {
		kind = "co64"
	}
	return appendBox(b, kind, func(b []byte) []byte {
		b = u32(b, 0, uint32(len(places)))
		for _, at := range places {
			if m.wide {
				b = binary.BigEndian.AppendUint64(b, at)
			} else {
				b = u32(b, uint32(at))
			}
		}
		return b
	})
}

// chunks reads such a table.
func chunks(x box) ([]uint64, error) {
	each := 4
	if x.kind == "co64" {
		each = 8
	}
	if len(x.body) < 8 || uint64(binary.BigEndian.Uint32(x.body[4:]))*uint64(each) > uint64(len(x.body)-8) {
		return nil, fmt.Errorf("%w: its table of chunks", ErrBroken)
	}
	out := make([]uint64, binary.BigEndian.Uint32(x.body[4:]))
	for i := range out {
		if b := x.body[8+i*each:]; each == 8 {
			out[i] = binary.BigEndian.Uint64(b)
		} else {
			out[i] = uint64(binary.BigEndian.Uint32(b))
		}
	}
	return out, nil
}

// times reads timescale and duration of an mvhd or mdhd (sections 8.2.2 and
// 8.4.2): behind the version come two dates.
func times(b []byte, at int) (scale uint32, duration uint64, err error) {
	if len(b) >= at+16 && b[0] == 0 {
		return binary.BigEndian.Uint32(b[at+8:]), uint64(binary.BigEndian.Uint32(b[at+12:])), nil
	}
	if len(b) >= at+28 && b[0] == 1 {
		return binary.BigEndian.Uint32(b[at+16:]), binary.BigEndian.Uint64(b[at+20:]), nil
	}
	return 0, 0, fmt.Errorf("%w: its times", ErrBroken)
}

// trackID reads the number of a track (section 8.3.2).
func trackID(trak []byte) (uint32, error) {
	b := find(trak, "tkhd")
	switch {
	case len(b) >= 16 && b[0] == 0:
		return binary.BigEndian.Uint32(b[12:]), nil
	case len(b) >= 24 && b[0] == 1:
		return binary.BigEndian.Uint32(b[20:]), nil
	}
	return 0, fmt.Errorf("%w: a track without a number", ErrBroken)
}

// handler is the kind of a track (section 8.4.3).
func handler(trak []byte) string {
	if b := find(trak, "mdia", "hdlr"); len(b) >= 12 {
		return string(b[8:12])
	}
	return ""
}

// undetermined is the code of a language that is not known, packed.
const undetermined = 'u'&0x1f<<10 | 'n'&0x1f<<5 | 'd'&0x1f

// packed is the ISO 639-2 code of a BCP 47 tag in three times five bits
// (section 8.4.2).
func packed(tag string) (uint16, bool) {
	t, err := language.Parse(tag)
	if err != nil {
		return 0, false
	}
	base, confidence := t.Base()
	code := base.ISO3()
	if confidence == language.No || len(code) != 3 || code == "und" {
		return 0, false
	}
	var n uint16
	for _, c := range []byte(code) {
		n = n<<5 | uint16(c-0x60)&0x1f
	}
	return n, true
}
