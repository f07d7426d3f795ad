package mp4

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// Items of metadata that are not of iTunes' own set have a name under a domain.
const (
	freeform     = "----"
	domain       = "com.apple.iTunes"
	languageName = "LANGUAGE"
	websiteName  = "WEBSITE"
	gaplessName  = "iTunSMPB" // encoder delay and length, where there is no edit list
)

// descMost is how many bytes players take of a short description.
const descMost = 255

// appendMeta writes the metadata in iTunes' form (QuickTime File Format,
// "Metadata"; the handler mdir is iTunes').
func (m *movie) appendMeta(b []byte) []byte {
	t := m.tag
	return appendBox(b, "meta", func(b []byte) []byte {
		b = u32(b, 0)
		b = appendBox(b, "hdlr", func(b []byte) []byte {
			b = append(u32(b, 0, 0), "mdirappl"...)
			return append(u32(b, 0, 0), 0)
		})
		return appendBox(b, "ilst", func(b []byte) []byte {
			b = appendItem(b, "\xa9nam", text.Line(t.Title))
			b = appendItem(b, "\xa9ART", text.Line(t.Artist))
			b = appendItem(b, "aART", text.Line(t.AlbumArtist))
			b = appendItem(b, "\xa9alb", text.Line(t.Album))
			b = appendItem(b, "\xa9gen", text.Line(t.Genre))
			if !t.Date.IsZero() {
				b = appendItem(b, "\xa9day", t.Date.Format(time.DateOnly))
			}
			b = appendItem(b, "desc", cut(text.Prose(t.Comment), descMost))
			b = appendItem(b, "\xa9cmt", text.Prose(t.Comment))
			if t.Kind != 0 {
				b = appendBox(b, "stik", func(b []byte) []byte { return appendData(b, typeInt, byte(t.Kind)) })
			}
			b = appendOwn(b, languageName, text.Line(t.Language))
			b = appendOwn(b, websiteName, text.Line(t.Link))
			b = append(b, m.gapless...)
			if len(t.Cover) > 0 {
				b = appendBox(b, "covr", func(b []byte) []byte { return appendData(b, imageType(t.Cover), t.Cover...) })
			}
			return b
		})
	})
}

func appendData(b []byte, kind uint32, value ...byte) []byte {
	return appendBox(b, "data", func(b []byte) []byte { return append(u32(b, kind, 0), value...) })
}

func appendItem(b []byte, kind, s string) []byte {
	if s == "" {
		return b
	}
	return appendBox(b, kind, func(b []byte) []byte { return appendData(b, typeUTF8, []byte(s)...) })
}

func appendOwn(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendBox(b, freeform, func(b []byte) []byte {
		b = appendBox(b, "mean", func(b []byte) []byte { return append(u32(b, 0), domain...) })
		b = appendBox(b, "name", func(b []byte) []byte { return append(u32(b, 0), name...) })
		return appendData(b, typeUTF8, []byte(s)...)
	})
}

// item is one of metadata.
type item struct {
	name  string // its kind, or the name under iTunes' domain
	value []byte
	body  []byte // the whole
}

// items reads a meta box, which QuickTime writes without a version.
func items(meta []byte) []item {
	b := find(meta, "ilst")
	if b == nil && len(meta) >= 4 {
		b = find(meta[4:], "ilst")
	}
	boxes, err := split(b)
	if err != nil {
		return nil
	}
	var out []item
	for _, x := range boxes {
		it := item{name: x.kind, body: x.body}
		if x.kind == freeform {
			name, mean := find(x.body, "name"), find(x.body, "mean")
			if len(name) < 4 || len(mean) < 4 || string(mean[4:]) != domain {
				continue
			}
			it.name = string(name[4:])
		}
		if data := find(x.body, "data"); len(data) >= 8 {
			it.value = data[8:]
			out = append(out, it)
		}
	}
	return out
}

// take lays items into the tag; the first of a name wins.
func (t *Tag) take(all []item) {
	for _, it := range all {
		said := strings.ToValidUTF8(string(it.value), "\ufffd")
		set := func(s *string) {
			if *s == "" {
				*s = said
			}
		}
		switch it.name {
		case "\xa9nam":
			set(&t.Title)
		case "\xa9ART":
			set(&t.Artist)
		case "aART":
			set(&t.AlbumArtist)
		case "\xa9alb":
			set(&t.Album)
		case "\xa9gen":
			set(&t.Genre)
		case "\xa9cmt":
			set(&t.Comment)
		case languageName:
			set(&t.Language)
		case websiteName:
			set(&t.Link)
		case "\xa9day":
			if t.Date.IsZero() {
				t.Date = text.Day(said)
			}
		case "stik":
			if n := len(it.value); n > 0 && n <= 8 {
				t.Kind = int(binary.BigEndian.Uint64(append(make([]byte, 8-n), it.value...)) & 0xff)
			}
		case "covr":
			if imageType(it.value) != 0 && t.Cover == nil {
				t.Cover = it.value
			}
		}
	}
}
