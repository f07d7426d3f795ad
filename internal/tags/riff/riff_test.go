package riff_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/narrapress/narrapress/internal/tags/riff"
)

const (
	ms   = time.Millisecond
	rate = 44100
)

var le = binary.LittleEndian

func chunk(kind string, body ...byte) []byte {
	b := le.AppendUint32([]byte(kind), uint32(len(body)))
	if b = append(b, body...); len(body)%2 != 0 {
		b = append(b, 0)
	}
	return b
}

// format is the fmt chunk of one channel of 16 bits.
func format() []byte {
	b := []byte{1, 0, 1, 0}
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, 2*rate)
	return chunk("fmt ", append(b, 2, 0, 16, 0)...)
}

// wav is a file of so many bytes of sound, as ffmpeg lays it out: with room for
// RF64's sizes.
func wav(sound int, more ...[]byte) []byte {
	data := make([]byte, sound)
	for i := range data {
		data[i] = byte(i * 7)
	}
	b := append([]byte("WAVE"), chunk("JUNK", make([]byte, 28)...)...)
	b = append(b, format()...)
	b = append(b, chunk("data", data...)...)
	for _, c := range more {
		b = append(b, c...)
	}
	return append(le.AppendUint32([]byte("RIFF"), uint32(len(b))), b...)
}

func full() riff.Tag {
	return riff.Tag{
		Title: "Der Preis – 価格 🎙", Artist: "Ada 😀", Album: "מִקְצָב العرض", Genre: "Podcast", Language: "de-AT",
		Date: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), Comment: "Line one.\nLine two.", ID3: []byte("ID3 of three bytes more"),
		Chapters: []riff.Chapter{
			{Title: "Eins <script> & \"zwei\"", End: 737 * ms},
			{Title: "", Start: 737 * ms, End: 1999 * ms},
			{Title: strings.Repeat("ü", 4000), Start: 1999 * ms, End: 3000 * ms},
		},
	}
}

func numbered(n int) []riff.Chapter {
	out := make([]riff.Chapter, n)
	for i := range out {
		out[i] = riff.Chapter{Title: fmt.Sprintf("Chapter %d", i+1), Start: time.Duration(i) * 10 * ms, End: time.Duration(i+1) * 10 * ms}
	}
	return out
}

// near is as exact as a frame is long.
var near = cmp.Options{
	cmp.Comparer(func(a, b time.Duration) bool { return (a - b).Abs() <= time.Second/rate/2+1 }),
	cmpopts.IgnoreFields(riff.Tag{}, "Rate", "Frames"),
}

func write(t testing.TB, file []byte, tag *riff.Tag) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := riff.Write(&out, bytes.NewReader(file), int64(len(file)), tag); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		tag  riff.Tag
		want func(*riff.Tag) // what differs in the tag that is read
	}{
		{"nothing", riff.Tag{}, nil},
		{"everything", full(), nil},
		{"300 chapters", riff.Tag{Chapters: numbered(300)}, nil},
		{"control characters", riff.Tag{Title: "a\x00b\nc\u2028d", Comment: "a\r\nb\x00c\td"}, func(w *riff.Tag) { w.Title, w.Comment = "a b c d", "a\nb c\td" }},
		{"no UTF-8", riff.Tag{Title: "a\xffb"}, func(w *riff.Tag) { w.Title = "a\ufffdb" }},
		{"beyond what a cue point counts", riff.Tag{Chapters: []riff.Chapter{{Title: "a", End: 30 * time.Hour}, {Title: "b", Start: 30 * time.Hour, End: 31 * time.Hour}}}, func(w *riff.Tag) {
			w.Chapters = []riff.Chapter{{Title: "a", End: (1<<32 - 1) * time.Second / rate}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bare := wav(6*rate+1, chunk("bext", 1, 2, 3), chunk("LIST", append([]byte("INFO"), chunk("INAM", []byte("old\x00")...)...)...))
			file := write(t, bare, &tt.tag)
			got, err := riff.Read(bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatal(err)
			}
			want := tt.tag
			if tt.want != nil {
				tt.want(&want)
			}
			if diff := cmp.Diff(&want, got, near); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := le.Uint32(file[4:]); int(n) != len(file)-8 {
				t.Errorf("it says %d bytes and has %d", n, len(file)-8)
			}
			if !bytes.Contains(file, bare[bytes.Index(bare, []byte("data")):bytes.Index(bare, []byte("bext"))]) || !bytes.Contains(file, []byte("bext\x03")) {
				t.Error("the sound is not what it was, or a chunk of another program is gone")
			}
			if again := write(t, file, &tt.tag); !bytes.Equal(file, again) {
				t.Error("written over itself it is another file")
			}
		})
	}
}

// large is a file with so many bytes of sound that are nothing but zeros.
type large struct {
	head []byte // up to the sound
	zero int64
}

func (l *large) size() int64 { return int64(len(l.head)) + l.zero }

func (l *large) ReadAt(b []byte, at int64) (int, error) {
	n := min(int64(len(b)), max(0, l.size()-at))
	clear(b[:n])
	if at < int64(len(l.head)) {
		copy(b[:n], l.head[at:])
	}
	if n < int64(len(b)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

// ends keeps the first and the last bytes that are written, and counts all.
type ends struct {
	first, last []byte
	n           int64
}

func (e *ends) Write(p []byte) (int, error) {
	if room := 256 - len(e.first); room > 0 {
		e.first = append(e.first, p[:min(room, len(p))]...)
	}
	if e.last = append(e.last, p...); len(e.last) > 1<<20 {
		e.last = append(e.last[:0], e.last[len(e.last)-1<<16:]...)
	}
	e.n += int64(len(p))
	return len(p), nil
}

func (e *ends) ReadAt(b []byte, at int64) (int, error) {
	n := int(min(int64(len(b)), max(0, e.n-at)))
	clear(b[:n])
	if at < int64(len(e.first)) {
		copy(b[:n], e.first[at:])
	}
	if tail := e.n - int64(len(e.last)); at+int64(n) > tail {
		copy(b[max(0, tail-at):n], e.last[max(0, at-tail):])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// TestLarge has a file grow past 4 GiB, and one that is past it.
func TestLarge(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("copies 8 GiB")
	}
	tag := full()
	l := &large{zero: 1<<32 - 200}
	l.head = append(append([]byte("RIFF\xf0\xff\xff\xffWAVE"), format()...), "data\x38\xff\xff\xff"...)
	var grown ends
	if err := riff.Write(&grown, l, l.size(), &tag); err != nil {
		t.Fatal(err)
	}
	var again ends
	if err := riff.Write(&again, &grown, grown.n, &tag); err != nil {
		t.Fatal(err)
	}
	if grown.n != again.n || !bytes.Equal(grown.first, again.first) {
		t.Error("written over itself it is another file")
	}
	if string(grown.first[:4]) != "RF64" || int64(le.Uint64(grown.first[20:]))+8 != grown.n {
		t.Errorf("it begins with %q", grown.first[:48])
	}
	got, err := riff.Read(&grown, grown.n)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&tag, got, near); diff != "" || got.Frames != l.zero/2 {
		t.Errorf("%d frames (-want +got):\n%s", got.Frames, diff)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		file []byte
		tag  riff.Tag
		want error
	}{
		{"empty", nil, riff.Tag{}, riff.ErrFormat},
		{"something else", []byte("fLaC12345678"), riff.Tag{}, riff.ErrFormat},
		{"cut", wav(100)[:100], riff.Tag{}, riff.ErrBroken},
		{"without sound", wav(0)[:72], riff.Tag{}, riff.ErrBroken},
		{"a chapter before the beginning", wav(10), riff.Tag{Chapters: []riff.Chapter{{Start: -ms}}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := riff.Write(io.Discard, bytes.NewReader(tt.file), int64(len(tt.file)), &tt.tag)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// FuzzRead has files of anybody's read and rewritten: no panic, and what is
// written of it reads back.
func FuzzRead(f *testing.F) {
	tag := full()
	f.Add(write(f, wav(100), &tag))
	f.Add(wav(11))
	f.Fuzz(func(t *testing.T, b []byte) {
		tag, err := riff.Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if riff.Write(&out, bytes.NewReader(b), int64(len(b)), tag) != nil {
			return
		}
		if _, err := riff.Read(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Errorf("what was written does not read: %v", err)
		}
	})
}
