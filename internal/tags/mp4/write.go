package mp4

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// Write copies the MP4 file of size bytes in src to w, its index first, with
// the tag in place of its own. What other programs keep there for gapless
// playback stays.
func Write(w io.Writer, src io.ReaderAt, size int64, t *Tag) error {
	chapters, err := t.check()
	if err != nil {
		return err
	}
	boxes, err := scan(src, size)
	if err != nil {
		return err
	}
	body, err := index(src, boxes)
	if err != nil {
		return err
	}
	m, err := openMovie(body, t, chapters)
	if err != nil {
		return err
	}
	l, moov, err := m.layOut(boxes)
	if err != nil {
		return err
	}
	if l.text < 0 {
		return fmt.Errorf("%w: it has no sound", ErrFormat)
	}
	buf := make([]byte, 256<<10)
	for _, p := range l.parts {
		head := p.head
		if p.kind == "moov" {
			head = moov
		}
		if _, err := w.Write(head); err != nil {
			return err
		}
		if p.kind == "moov" {
			continue
		}
		if n, err := io.CopyBuffer(onlyWriter{w}, io.NewSectionReader(src, p.from, p.to-p.from), buf); err != nil {
			return err
		} else if n < p.to-p.from {
			return fmt.Errorf("%w: it ends inside a box", ErrBroken)
		}
	}
	return nil
}

// onlyWriter keeps io.CopyBuffer to its buffer.
type onlyWriter struct{ io.Writer }

// part is a box of the new file: a head, and a stretch of the old file.
type part struct {
	kind     string
	head     []byte // with the texts of chapters, of the first mdat
	from, to int64  // in the old file
	at       int64  // of the stretch, in the new one
}

type layout struct {
	parts []part
	text  int64 // where the texts of the chapters stand; −1 without an mdat
	size  int64
}

// layOut finds where everything comes to stand. The size of the index depends
// on whether places need 64 bits, and they on its size.
func (m *movie) layOut(boxes []outer) (*layout, []byte, error) {
	for _, wide := range []bool{false, true} {
		m.wide = wide
		draft, err := m.append(nil, &layout{})
		if err != nil {
			return nil, nil, err
		}
		l := m.place(boxes, int64(len(draft)))
		if !wide && l.size > math.MaxUint32 {
			continue
		}
		moov, err := m.append(make([]byte, 0, len(draft)), l)
		return l, moov, err
	}
	return nil, nil, errors.New("the file does not fit 64 bits")
}

// place puts the boxes one behind the other, the index behind the first.
func (m *movie) place(boxes []outer, moov int64) *layout {
	l := &layout{text: -1}
	add := func(p part) {
		p.at = l.size + int64(len(p.head))
		l.size = p.at + p.to - p.from
		l.parts = append(l.parts, p)
	}
	for i, x := range boxes {
		switch x.kind {
		case "moov", "free", "skip", "wide":
			continue
		case "mdat":
			var text []byte
			if l.text < 0 {
				text = m.texts
			}
			head := mdatHead(int64(len(text)) + x.size - x.head)
			if l.text < 0 {
				l.text = l.size + int64(len(head))
			}
			add(part{kind: x.kind, head: append(head, text...), from: x.body(), to: x.end()})
		default:
			add(part{kind: x.kind, from: x.at, to: x.end()})
		}
		if i == 0 {
			l.size += moov
			l.parts = append(l.parts, part{kind: "moov"})
		}
	}
	return l
}

func mdatHead(body int64) []byte {
	if body+8 <= math.MaxUint32 {
		return append(u32(nil, uint32(body+8)), "mdat"...)
	}
	b := append(u32(nil, 1), "mdat"...)
	return binary.BigEndian.AppendUint64(b, uint64(body+16))
}

// moved is where a byte of the old file stands in the new one. In a draft it is
// nowhere.
func (l *layout) moved(at uint64) (uint64, error) {
	if len(l.parts) == 0 {
		return 0, nil
	}
	for _, p := range l.parts {
		if p.kind != "moov" && at >= uint64(p.from) && at <= uint64(p.to) { // a chunk may be empty, at the end
			return at - uint64(p.from) + uint64(p.at), nil
		}
	}
	return 0, fmt.Errorf("%w: sound at byte %d, which is not in the file", ErrBroken, at)
}

// check finds what cannot be written. The chapters that it gives are in order
// of time, each lasts until the next, and the first begins at 0.
func (t *Tag) check() ([]Chapter, error) {
	switch {
	case len(t.Cover) > 0 && imageType(t.Cover) == 0:
		return nil, errors.New("the cover is neither a JPEG nor a PNG file")
	case len(t.Cover) > MaxImage:
		return nil, fmt.Errorf("the cover is %d MiB; the most is %d MiB", len(t.Cover)>>20, MaxImage>>20)
	case len(t.Chapters) > MaxChapters:
		return nil, fmt.Errorf("%d chapters; the most is %d", len(t.Chapters), MaxChapters)
	case t.Kind < 0 || t.Kind > 255:
		return nil, fmt.Errorf("the media kind %d is not a byte", t.Kind)
	}
	if y := t.Date.Year(); !t.Date.IsZero() && (y < 1 || y > 9999) {
		return nil, fmt.Errorf("the year %d does not fit four digits", y)
	}
	out := slices.Clone(t.Chapters)
	slices.SortStableFunc(out, func(a, b Chapter) int { return cmp.Compare(a.Start, b.Start) })
	for i, c := range out {
		if c.Start < 0 || c.End < c.Start || milliseconds(c.End) > math.MaxUint32 {
			return nil, fmt.Errorf("chapter %d (%s) lasts from %v to %v, which an MP4 file cannot say", i+1, c.Title, c.Start, c.End)
		}
		if i > 0 {
			out[i-1].End = c.Start
		}
	}
	if len(out) > 0 && milliseconds(out[0].Start) > 0 {
		out = slices.Insert(out, 0, Chapter{End: out[0].Start})
	}
	return out, nil
}

// milliseconds rounds to the nearest.
func milliseconds(d time.Duration) int64 { return d.Round(time.Millisecond).Milliseconds() }
