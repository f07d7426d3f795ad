package vorbis_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/tags/vorbis"
)

const ms = time.Millisecond

// kinds are the containers, each with what writes it.
var kinds = []struct {
	name  string
	write func(io.Writer, io.Reader, *vorbis.Tag) error
}{
	{"opus", vorbis.WriteOpus},
	{"flac", vorbis.WriteFLAC},
}

// sound is a real file of a container, as the encoder makes it.
func sound(t testing.TB, kind string, seconds int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a."+kind)
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("sine=440:duration=%d:sample_rate=48000", seconds),
		"-fflags", "+bitexact", "-flags:a", "+bitexact", path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.Bytes())
	}
	return string(out)
}

func jpegFile(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noisy is a PNG file of about 3 bytes a pixel.
func noisy(t testing.TB, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	seed := uint32(1)
	for i := range m.Pix {
		if seed = seed*1664525 + 1013904223; i%4 == 3 {
			m.Pix[i] = 255
		} else {
			m.Pix[i] = byte(seed >> 24)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func full(t testing.TB) vorbis.Tag {
	return vorbis.Tag{
		Title: "Der Preis – 価格 🎙", Artist: "Ada 😀", Album: "מִקְצָב العرض", AlbumArtist: "Press", Genre: "Podcast",
		Language: "de-AT", Date: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC),
		Comment: "Line one.\nLine two = a=b.", Link: "https://example.org/a?b=c", Cover: jpegFile(t, 64),
		Chapters: []vorbis.Chapter{
			{Title: "Eins <script> & \"zwei\"", Link: "https://example.org/1"},
			{Title: "", Start: 1737 * ms},
			{Title: strings.Repeat("ü", 4000), Start: 1999 * ms},
		},
	}
}

func numbered(n int) []vorbis.Chapter {
	out := make([]vorbis.Chapter, n)
	for i := range out {
		out[i] = vorbis.Chapter{Title: fmt.Sprintf("Chapter %d", i+1), Start: time.Duration(i) * 10 * ms}
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  vorbis.Tag
		want func(*vorbis.Tag) // what differs in the tag that is read
	}{
		{"nothing", vorbis.Tag{}, nil},
		{"everything", full(t), nil},
		{"a cover of many pages", vorbis.Tag{Title: "x", Cover: noisy(t, 400), Chapters: numbered(3)}, nil},
		{"300 chapters", vorbis.Tag{Chapters: numbered(300)}, nil},
		{"more than there are numbers", vorbis.Tag{Chapters: numbered(1100)}, func(w *vorbis.Tag) { w.Chapters = w.Chapters[:1000] }},
		{"control characters", vorbis.Tag{Title: "a\x00b\nc\u2028d", Comment: "a\r\nb\x00c\td"}, func(w *vorbis.Tag) {
			w.Title, w.Comment = "a b c d", "a\nb c\td"
		}},
		{"no UTF-8", vorbis.Tag{Title: "a\xffb"}, func(w *vorbis.Tag) { w.Title = "a\ufffdb" }},
		{"finer than milliseconds", vorbis.Tag{Chapters: []vorbis.Chapter{{Title: "x", Start: 1737499 * time.Microsecond}}}, func(w *vorbis.Tag) {
			w.Chapters[0].Start = 1737 * ms
		}},
		{"out of order", vorbis.Tag{Chapters: []vorbis.Chapter{{Title: "b", Start: ms}, {Title: "a"}}}, func(w *vorbis.Tag) {
			w.Chapters[0], w.Chapters[1] = w.Chapters[1], w.Chapters[0]
		}},
	}
	for _, k := range kinds {
		bare := sound(t, k.name, 3)
		for _, tt := range tests {
			t.Run(k.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				if err := k.write(&out, bytes.NewReader(bare), &tt.tag); err != nil {
					t.Fatal(err)
				}
				got, err := vorbis.Read(bytes.NewReader(out.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				want := tt.tag
				want.Chapters = append([]vorbis.Chapter(nil), want.Chapters...)
				if tt.want != nil {
					tt.want(&want)
				}
				if diff := cmp.Diff(&want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				var again bytes.Buffer
				if err := k.write(&again, bytes.NewReader(out.Bytes()), &tt.tag); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(out.Bytes(), again.Bytes()) {
					t.Error("written over itself it is another file")
				}
			})
		}
	}
}

// TestSoundStays decodes what was tagged: ffmpeg checks each page's sum and
// number, and the samples are what they were.
func TestSoundStays(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			bare := sound(t, k.name, 20)
			tag := full(t)
			tag.Cover = noisy(t, 300)
			var out bytes.Buffer
			if err := k.write(&out, bytes.NewReader(bare), &tag); err != nil {
				t.Fatal(err)
			}
			sum := func(name string, b []byte) string {
				path := filepath.Join(dir, name+"."+k.name)
				if err := os.WriteFile(path, b, 0o600); err != nil {
					t.Fatal(err)
				}
				return run(t, "ffmpeg", "-v", "error", "-xerror", "-err_detect", "+crccheck+explode", "-i", path, "-map", "0:a", "-f", "md5", "-")
			}
			if got, want := sum("tagged", out.Bytes()), sum("bare", bare); got != want {
				t.Errorf("the sound is %s, and was %s", got, want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		bare := sound(t, k.name, 1)
		for _, tt := range []struct {
			name string
			file []byte
			tag  vorbis.Tag
			want error
		}{
			{"empty", nil, vorbis.Tag{}, vorbis.ErrFormat},
			{"something else", []byte("RIFF....WAVE"), vorbis.Tag{}, vorbis.ErrFormat},
			{"cut in the metadata", bare[:60], vorbis.Tag{}, vorbis.ErrBroken},
			{"a cover that is none", bare, vorbis.Tag{Cover: []byte("GIF89a")}, nil},
			{"a chapter before the beginning", bare, vorbis.Tag{Chapters: []vorbis.Chapter{{Start: -ms}}}, nil},
			{"a year of five digits", bare, vorbis.Tag{Date: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
		} {
			t.Run(k.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				err := k.write(io.Discard, bytes.NewReader(tt.file), &tt.tag)
				if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
			})
		}
	}
}

// FuzzRead has files of anybody's read and rewritten: no panic, and what is
// written of it reads back.
func FuzzRead(f *testing.F) {
	tag := full(f)
	for _, k := range kinds {
		var out bytes.Buffer
		if err := k.write(&out, bytes.NewReader(sound(f, k.name, 1)), &tag); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes()[:min(out.Len(), 4<<10)])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tag, err := vorbis.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, k := range kinds {
			var out bytes.Buffer
			if k.write(&out, bytes.NewReader(b), tag) != nil {
				continue
			}
			if _, err := vorbis.Read(&out); err != nil {
				t.Errorf("%s: what was written does not read: %v", k.name, err)
			}
		}
	})
}
