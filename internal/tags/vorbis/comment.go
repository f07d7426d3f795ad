package vorbis

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// pictureName is the comment of a picture where there are no blocks (wiki.xiph.org,
// "VorbisComment", Cover art).
const pictureName = "METADATA_BLOCK_PICTURE"

// check finds what cannot be written, and puts the chapters in order of time.
func (t *Tag) check() ([]Chapter, error) {
	switch {
	case len(t.Cover) > 0 && text.ImageType(t.Cover) == "":
		return nil, errors.New("the cover is neither a JPEG nor a PNG file")
	case len(t.Cover) > MaxImage:
		return nil, fmt.Errorf("the cover is %d MiB; the most is 15 MiB", len(t.Cover)>>20)
	}
	if y := t.Date.Year(); !t.Date.IsZero() && (y < 1 || y > 9999) {
		return nil, fmt.Errorf("the year %d does not fit four digits", y)
	}
	for i, c := range t.Chapters {
		if c.Start < 0 || c.Start >= 100*time.Hour {
			return nil, fmt.Errorf("chapter %d (%s) begins at %v: the format counts from 0 to 99 hours", i+1, c.Title, c.Start)
		}
	}
	chapters := slices.Clone(t.Chapters)
	slices.SortStableFunc(chapters, func(a, b Chapter) int { return cmp.Compare(a.Start, b.Start) })
	return chapters[:min(len(chapters), MaxChapters)], nil
}

// comments are the tag's as NAME=value, without the cover.
func (t *Tag) comments(chapters []Chapter) []string {
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+strings.ToValidUTF8(value, "\ufffd"))
		}
	}
	add("TITLE", text.Line(t.Title))
	add("ARTIST", text.Line(t.Artist))
	add("ALBUM", text.Line(t.Album))
	add("ALBUMARTIST", text.Line(t.AlbumArtist))
	add("GENRE", text.Line(t.Genre))
	if !t.Date.IsZero() {
		add("DATE", t.Date.Format(time.DateOnly))
	}
	add("LANGUAGE", text.Line(t.Language))
	add("WEBSITE", text.Line(t.Link))
	add("DESCRIPTION", text.Prose(t.Comment))
	for i, c := range chapters {
		name := fmt.Sprintf("CHAPTER%03d", i)
		add(name, clock(c.Start))
		// Without one, readers take the next chapter's name or none at all.
		out = append(out, name+"NAME="+strings.ToValidUTF8(text.Line(c.Title), "\ufffd"))
		add(name+"URL", text.Line(c.Link))
	}
	return out
}

// clock is a chapter's start as HH:MM:SS.mmm (Chapter Extension).
func clock(d time.Duration) string {
	ms := d.Round(time.Millisecond).Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

func parseClock(s string) (time.Duration, bool) {
	h, rest, ok := strings.Cut(s, ":")
	m, sec, ok2 := strings.Cut(rest, ":")
	hours, err1 := strconv.ParseUint(h, 10, 16)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	whole, fraction, _ := strings.Cut(sec, ".")
	seconds, err3 := strconv.ParseUint(whole, 10, 8)
	if !ok || !ok2 || errors.Join(err1, err2, err3) != nil || minutes > 59 || seconds > 59 {
		return 0, false
	}
	fraction = (fraction + "000000000")[:9]
	nanos, err := strconv.ParseUint(fraction, 10, 32)
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second + time.Duration(nanos), err == nil
}

// appendComments writes a comment header: the vendor, and the comments, each
// behind its length in 32 bits, little-endian.
func appendComments(b []byte, vendor string, comments []string) []byte {
	put := func(s string) {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	put(vendor)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(comments)))
	for _, c := range comments {
		put(c)
	}
	return b
}

// parseComments reads a comment header; what follows it is ignored.
func parseComments(b []byte) (vendor string, comments []string, err error) {
	take := func() (s string) {
		if err == nil && len(b) < 4 {
			err = ErrBroken
		}
		if err != nil {
			return ""
		}
		n := int64(binary.LittleEndian.Uint32(b))
		b = b[4:]
		if n > int64(len(b)) {
			err = ErrBroken
			return ""
		}
		s, b = string(b[:n]), b[n:]
		return s
	}
	vendor = take()
	if err == nil && len(b) < 4 {
		err = ErrBroken
	}
	if err != nil {
		return "", nil, err
	}
	n := binary.LittleEndian.Uint32(b)
	b = b[4:]
	for range n { // each takes four bytes at least
		c := take()
		if err != nil {
			return vendor, comments, err
		}
		if c != "" {
			comments = append(comments, c)
		}
	}
	return vendor, comments, nil
}

// take lays comments into the tag; the first of a name wins.
func (t *Tag) take(comments []string) {
	chapters := map[int]*Chapter{}
	timed := map[int]bool{}
	for _, c := range comments {
		name, value, ok := strings.Cut(c, "=")
		if !ok {
			continue
		}
		name, value = strings.ToUpper(name), strings.ToValidUTF8(value, "\ufffd")
		for _, f := range []struct {
			name string
			to   *string
		}{
			{"TITLE", &t.Title},
			{"ARTIST", &t.Artist},
			{"ALBUM", &t.Album},
			{"ALBUMARTIST", &t.AlbumArtist},
			{"GENRE", &t.Genre},
			{"LANGUAGE", &t.Language},
			{"DESCRIPTION", &t.Comment},
			{"COMMENT", &t.Comment},
			{"WEBSITE", &t.Link},
		} {
			if name == f.name && *f.to == "" {
				*f.to = value
			}
		}
		switch {
		case name == "DATE" && t.Date.IsZero():
			t.Date = text.Day(value)
		case name == pictureName && t.Cover == nil:
			if block, err := base64.StdEncoding.DecodeString(value); err == nil {
				t.Cover = picture(block)
			}
		default:
			takeChapter(chapters, timed, name, value)
		}
	}
	var numbers []int
	for n := range timed {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		t.Chapters = append(t.Chapters, *chapters[n])
	}
	slices.SortStableFunc(t.Chapters, func(a, b Chapter) int { return cmp.Compare(a.Start, b.Start) })
}

func takeChapter(chapters map[int]*Chapter, timed map[int]bool, name, value string) {
	rest, ok := strings.CutPrefix(name, "CHAPTER")
	if !ok || len(rest) < 3 {
		return
	}
	n, err := strconv.ParseUint(rest[:3], 10, 16)
	if err != nil {
		return
	}
	c := chapters[int(n)]
	if c == nil {
		c = &Chapter{}
		chapters[int(n)] = c
	}
	switch at, ok := parseClock(value); {
	case rest[3:] == "NAME":
		c.Title = value
	case rest[3:] == "URL":
		c.Link = value
	case rest[3:] == "" && ok:
		c.Start, timed[int(n)] = at, true
	}
}
