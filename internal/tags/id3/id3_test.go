package id3_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/tags/id3"
)

func Example() {
	tag := id3.Tag{
		Title:  "On Presses",
		Length: 90 * time.Second,
		Chapters: []id3.Chapter{
			{Title: "Intro", End: 30 * time.Second},
			{Title: "Type", Start: 30 * time.Second, End: 90 * time.Second},
		},
	}
	b, err := tag.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	// An MP3 is the tag followed by MPEG frames.
	back, err := id3.Read(bytes.NewReader(b))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(back.Title, back.Length)
	for _, c := range back.Chapters {
		fmt.Println(c.Start, c.Title)
	}
	// Output:
	// On Presses 1m30s
	// 0s Intro
	// 30s Type
}

func jpegFile(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngFile(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const ms = time.Millisecond

// full is a tag with everything in it.
func full(t testing.TB) id3.Tag {
	return id3.Tag{
		Title: "Der Preis – 価格 🎙", Artist: "Ada 😀", Album: "מִקְצָב العرض", AlbumArtist: "Press",
		Language: "de", Date: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC),
		Length: 61234 * ms, Comment: "Line one.\nLine two.", Link: "https://example.org/a?b=c",
		Cover: jpegFile(t, 64),
		Chapters: []id3.Chapter{
			{Title: "Eins 😀", Start: 0, End: 20001 * ms, Image: pngFile(t, 32), Link: "https://example.org/1"},
			{Title: "", Start: 20001 * ms, End: 40000 * ms},
			{Title: strings.Repeat("ü", 200), Start: 40000 * ms, End: 61234 * ms},
		},
	}
}

func numbered(n int) []id3.Chapter {
	chapters := make([]id3.Chapter, n)
	for i := range chapters {
		chapters[i] = id3.Chapter{Title: fmt.Sprintf("Chapter %d", i+1), Start: time.Duration(i) * 10 * ms, End: time.Duration(i+1) * 10 * ms}
	}
	return chapters
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  id3.Tag
		want func(*id3.Tag) // what differs in the tag that is read
	}{
		{"nothing", id3.Tag{}, nil},
		{"everything", full(t), nil},
		{"notes", id3.Tag{Notes: []id3.Note{{Name: "gains", Text: `{"a":1}`}, {Name: "größe", Text: ""}}}, nil},
		{"one chapter", id3.Tag{Chapters: numbered(1)}, nil},
		{"as many as one table holds", id3.Tag{Chapters: numbered(255)}, nil},
		{"one more", id3.Tag{Chapters: numbered(256)}, nil},
		{"very long title", id3.Tag{Title: strings.Repeat("long ", 20000) + "end"}, nil},
		{"control characters", id3.Tag{Title: "a\x00b\nc\u2028d", Comment: "a\r\nb\x00c\td"}, func(g *id3.Tag) {
			g.Title, g.Comment = "a b c d", "a\nb c\td"
		}},
		{"no UTF-8", id3.Tag{Title: "a\xffb"}, func(g *id3.Tag) { g.Title = "a\ufffdb" }},
		{"address outside ASCII", id3.Tag{Link: "https://example.org/ä b"}, func(g *id3.Tag) { g.Link = "https://example.org/%C3%A4%20b" }},
		{"regional language", id3.Tag{Language: "pt-BR"}, func(g *id3.Tag) { g.Language = "pt" }},
		{"no such language", id3.Tag{Language: "not a language"}, func(g *id3.Tag) { g.Language = "" }},
		{"finer than milliseconds", id3.Tag{Length: 1500 * time.Microsecond, Chapters: []id3.Chapter{{Title: "x", Start: 499 * time.Microsecond, End: 1500 * time.Microsecond}}}, func(g *id3.Tag) {
			g.Length, g.Chapters[0].Start, g.Chapters[0].End = 2*ms, 0, 2*ms
		}},
		{"time of day", id3.Tag{Date: time.Date(2026, 12, 31, 23, 30, 0, 0, time.FixedZone("", -5*3600))}, func(g *id3.Tag) {
			g.Date = time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
		}},
		{"chapters out of order", id3.Tag{Chapters: []id3.Chapter{{Title: "b", Start: 5 * ms, End: 6 * ms}, {Title: "a", End: 5 * ms}}}, func(g *id3.Tag) {
			g.Chapters = []id3.Chapter{{Title: "a", End: 5 * ms}, {Title: "b", Start: 5 * ms, End: 6 * ms}}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, err := tt.tag.Encode()
			if err != nil {
				t.Fatal(err)
			}
			again, err := tt.tag.Encode()
			if err != nil || !bytes.Equal(b, again) {
				t.Errorf("the same tag gave other bytes (%v)", err)
			}
			size, ok := id3.Size([10]byte(b))
			if !ok || size != int64(len(b)) {
				t.Errorf("Size = %d, %v; the tag has %d bytes", size, ok, len(b))
			}
			r := bytes.NewReader(append(b[:len(b):len(b)], "frames"...))
			got, err := id3.Read(r)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.tag
			want.Chapters = append([]id3.Chapter(nil), tt.tag.Chapters...)
			if tt.want != nil {
				tt.want(&want)
			}
			if diff := cmp.Diff(&want, got); diff != "" {
				t.Errorf("read other than written (-want +got):\n%s", diff)
			}
			if rest, _ := io.ReadAll(r); string(rest) != "frames" {
				t.Errorf("left %q behind the tag", rest)
			}
		})
	}
}

// TestBytes holds a small tag against bytes laid out by hand from the standard.
func TestBytes(t *testing.T) {
	t.Parallel()
	got, err := (&id3.Tag{Title: "Hé", Length: 2 * time.Second, Chapters: []id3.Chapter{{Title: "A", Start: 258 * ms, End: 2 * time.Second, Link: "u"}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := "ID3\x03\x00\x00\x00\x00\x01\x2b" +
		"TIT2\x00\x00\x00\x07\x00\x00\x01\xff\xfeH\x00\xe9\x00" +
		"TCON\x00\x00\x00\x11\x00\x00\x01\xff\xfeP\x00o\x00d\x00c\x00a\x00s\x00t\x00" +
		"TLEN\x00\x00\x00\x0b\x00\x00\x01\xff\xfe2\x000\x000\x000\x00" +
		"CTOC\x00\x00\x00\x0d\x00\x00toc\x00\x03\x01ch0001\x00" +
		"CHAP\x00\x00\x00\x33\x00\x00ch0001\x00\x00\x00\x01\x02\x00\x00\x07\xd0\xff\xff\xff\xff\xff\xff\xff\xff" +
		"TIT2\x00\x00\x00\x05\x00\x00\x01\xff\xfeA\x00" +
		"WXXX\x00\x00\x00\x03\x00\x00\x00\x00u"
	want = want[:6] + string([]byte{0, 0, byte((len(want) - 10) >> 7), byte((len(want) - 10) & 0x7f)}) + want[10:]
	if diff := cmp.Diff([]byte(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestNestedTables(t *testing.T) {
	t.Parallel()
	b, err := (&id3.Tag{Chapters: numbered(600)}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"toc\x00\x03\x03toc0001\x00toc0002\x00toc0003\x00",
		"toc0001\x00\x01\xffch0001\x00", "toc0002\x00\x01\xffch0256\x00", "toc0003\x00\x01\x5ach0511\x00",
	} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no table %q", want)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	t.Parallel()
	big := append([]byte("\xff\xd8\xff"), make([]byte, id3.MaxImage)...)
	largest := big[:id3.MaxImage]
	many := make([]id3.Chapter, 17)
	for i := range many {
		many[i].Image = largest
	}
	tests := []struct {
		name string
		tag  id3.Tag
		want string
	}{
		{"cover is no picture", id3.Tag{Cover: []byte("GIF89a")}, "the cover is neither a JPEG nor a PNG file"},
		{"cover too large", id3.Tag{Cover: big}, "the cover is 16 MiB; the most is 16 MiB"},
		{"chapter image is no picture", id3.Tag{Chapters: []id3.Chapter{{Title: "One", Image: []byte("x")}}}, "the image of chapter 1 (One) is neither"},
		{"images beyond a tag", id3.Tag{Chapters: many}, "more than the 256 MiB"},
		{"chapter ends before it starts", id3.Tag{Chapters: []id3.Chapter{{Title: "One", Start: 2, End: 1}}}, "chapter 1 (One) lasts from"},
		{"chapter starts before the audio", id3.Tag{Chapters: []id3.Chapter{{Start: -1}}}, "chapter 1"},
		{"chapter beyond 49 days", id3.Tag{Chapters: []id3.Chapter{{End: 50 * 24 * time.Hour}}}, "chapter 1"},
		{"too many chapters", id3.Tag{Chapters: numbered(id3.MaxChapters + 1)}, "65026 chapters do not fit"},
		{"negative length", id3.Tag{Length: -1}, "negative"},
		{"year 0", id3.Tag{Date: time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)}, "the year 0"},
		{"year 10000", id3.Tag{Date: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "the year 10000"},
		{"year of five digits", id3.Tag{Date: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)}, "the year 12026"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.tag.Encode()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestYears holds the first and the last year that a tag can say.
func TestYears(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1, 9999} {
		in := id3.Tag{Date: time.Date(year, 11, 26, 0, 0, 0, 0, time.UTC)}
		b, err := in.Encode()
		if err != nil {
			t.Errorf("%d: %v", year, err)
			continue
		}
		if got, err := id3.Read(bytes.NewReader(b)); err != nil || !got.Date.Equal(in.Date) {
			t.Errorf("%d is read as %v (%v)", year, got, err)
		}
	}
}

// frame24 is a frame as v2.4 has it; frames of less than 128 bytes are the same in v2.3.
func frame24(id string, flags byte, body string) string {
	n := len(body)
	return id + string([]byte{byte(n >> 21 & 0x7f), byte(n >> 14 & 0x7f), byte(n >> 7 & 0x7f), byte(n & 0x7f), 0, flags}) + body
}

func tag24(version, flags byte, frames string) string {
	n := len(frames)
	return "ID3" + string([]byte{version, 0, flags, byte(n >> 21 & 0x7f), byte(n >> 14 & 0x7f), byte(n >> 7 & 0x7f), byte(n & 0x7f)}) + frames
}

func plainFrame(id, body string) string {
	return id + string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + "\x00\x00" + body
}

func TestReadForeign(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	times := "c\x00\x00\x00\x00\x01\x00\x00\x00\x02" + strings.Repeat("\xff", 8)
	tests := []struct {
		name string
		tag  string
		want id3.Tag
	}{
		{"v2.4, UTF-8, several values", tag24(4, 0, frame24("TIT2", 0, "\x03Ä\x00B\x00")), id3.Tag{Title: "Ä"}},
		{"v2.4, UTF-16 without a mark", tag24(4, 0, frame24("TIT2", 0, "\x02\x00A\x00B")), id3.Tag{Title: "AB"}},
		{"big-endian with a mark", tag24(3, 0, frame24("TIT2", 0, "\x01\xfe\xff\x00A")), id3.Tag{Title: "A"}},
		{"Latin-1", tag24(3, 0, frame24("TIT2", 0, "\x00\xe9t\xe9")), id3.Tag{Title: "été"}},
		{"v2.4, long frame", tag24(4, 0, frame24("TIT2", 0, "\x03"+long)+frame24("TPE1", 0, "\x03A")), id3.Tag{Title: long, Artist: "A"}},
		{"v2.4 with plain sizes", tag24(4, 0, plainFrame("TIT2", "\x03"+long)+frame24("TPE1", 0, "\x03A")), id3.Tag{Title: long, Artist: "A"}},
		{"v2.4, date", tag24(4, 0, frame24("TDRC", 0, "\x032026-11-23T08:30")), id3.Tag{Date: time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)}},
		{"year alone", tag24(3, 0, frame24("TYER", 0, "\x002026")), id3.Tag{Date: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{"v2.4, long title in a chapter", tag24(4, 0, frame24("CHAP", 0, times+frame24("TIT2", 0, "\x03"+long))), id3.Tag{Chapters: []id3.Chapter{{Title: long, Start: ms, End: 2 * ms}}}},
		{"padding", tag24(3, 0, frame24("TIT2", 0, "\x00A")+strings.Repeat("\x00", 50)), id3.Tag{Title: "A"}},
		{"v2.3, unsynchronised", tag24(3, 0x80, frame24("TIT2", 0, "\x01\xff\x00\xfeA\x00"[:6])), id3.Tag{Title: ""}},
		{"v2.3, extended header", tag24(3, 0x40, "\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00"+frame24("TIT2", 0, "\x00A")), id3.Tag{Title: "A"}},
		{"v2.4, extended header", tag24(4, 0x40, "\x00\x00\x00\x06\x01\x00"+frame24("TIT2", 0, "\x00A")), id3.Tag{Title: "A"}},
		{"v2.4, length indicator", tag24(4, 0, frame24("TIT2", 1, "\x00\x00\x00\x02\x00A")), id3.Tag{Title: "A"}},
		{"v2.4, unsynchronised frame", tag24(4, 0, frame24("TIT2", 2, "\x00\xff\x00\xe9")), id3.Tag{Title: "ÿé"}},
		{"compressed frame is left out", tag24(4, 0, frame24("TIT2", 8, "\x00zzz")+frame24("TPE1", 0, "\x00A")), id3.Tag{Artist: "A"}},
		{"frame longer than the tag", tag24(3, 0, frame24("TPE1", 0, "\x00A")+"TIT2\x7f\xff\xff\xff\x00\x00\x00A"), id3.Tag{Artist: "A"}},
		{"chapter cut short", tag24(3, 0, frame24("CHAP", 0, "c\x00\x00\x00")), id3.Tag{}},
		{"comments with a description are others'", tag24(3, 0, frame24("COMM", 0, "\x00engiTunNORM\x00 0000")+frame24("COMM", 0, "\x00eng\x00A")), id3.Tag{Comment: "A"}},
		{"first of two comments", tag24(3, 0, frame24("COMM", 0, "\x00eng\x00A")+frame24("COMM", 0, "\x00eng\x00B")), id3.Tag{Comment: "A"}},
		{"first of two links", tag24(3, 0, frame24("WOAF", 0, "https://a.example/")+frame24("WOAF", 0, "https://b.example/")), id3.Tag{Link: "https://a.example/"}},
		{"first of two languages", tag24(3, 0, frame24("TLAN", 0, "\x00deu")+frame24("TLAN", 0, "\x00eng")), id3.Tag{Language: "de"}},
		{"a length that is none", tag24(3, 0, frame24("TLEN", 0, "\x00long")), id3.Tag{}},
		{"first of two titles", tag24(3, 0, frame24("TIT2", 0, "\x00A")+frame24("TIT2", 0, "\x00B")), id3.Tag{Title: "A"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := id3.Read(strings.NewReader(tt.tag))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  string
		want error
	}{
		{"empty", "", id3.ErrNoTag},
		{"MPEG frame", "\xff\xfb\x90\x64" + strings.Repeat("\x00", 100), id3.ErrNoTag},
		{"size is not synchsafe", "ID3\x03\x00\x00\xff\xff\xff\xff", id3.ErrNoTag},
		{"v2.2", tag24(2, 0, "TT2\x00\x00\x02\x00A"), id3.ErrVersion},
		{"cut short", "ID3\x03\x00\x00\x7f\x7f\x7f\x7fTIT2", id3.ErrTag},
		{"extended header beyond the tag", tag24(3, 0x40, "\xff\xff\xff\xff\x00"), id3.ErrTag},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := id3.Read(strings.NewReader(tt.tag)); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		head string
		n    int64
		ok   bool
	}{
		{"v2.3", "ID3\x03\x00\x00\x00\x00\x02\x01", 267, true},
		{"v2.4 with a footer", "ID3\x04\x00\x10\x00\x00\x00\x05", 25, true},
		{"largest", "ID3\x03\x00\x00\x7f\x7f\x7f\x7f", 1<<28 + 9, true},
		{"MPEG frame", "\xff\xfb\x90\x64\x00\x00\x00\x00\x00\x00", 0, false},
		{"high bit in the size", "ID3\x03\x00\x00\x80\x00\x00\x00", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if n, ok := id3.Size([10]byte([]byte(tt.head))); n != tt.n || ok != tt.ok {
				t.Errorf("Size = %d, %v; want %d, %v", n, ok, tt.n, tt.ok)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	tag := full(f)
	b, err := tag.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(tag24(4, 0x50, "\x00\x00\x00\x06\x01\x00"+frame24("TIT2", 3, "\x00\x00\x00\x02\x00A")+"3DI\x04\x00\x10\x00\x00\x00\x00")))
	f.Add([]byte(tag24(3, 0x80, plainFrame("CHAP", "c\x00"+strings.Repeat("\xff", 16)+plainFrame("APIC", "\x00image/png\x00\x03\x00\x89PNG\r\n\x1a\n")))))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := id3.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		// Whatever can be read and written again reads the same again.
		b, err := first.Encode()
		if err != nil {
			return
		}
		second, err := id3.Read(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("read of what was written: %v", err)
		}
		again, err := second.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, again) {
			t.Errorf("written again, it differs:\n%q\n%q", b, again)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	tag := full(b)
	tag.Chapters = numbered(300)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tag.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}
