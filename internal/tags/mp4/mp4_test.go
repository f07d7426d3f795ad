package mp4_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/tags/mp4"
)

const ms = time.Millisecond

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

// sound is a real M4A as an encoder makes it, its index first or last.
func sound(t testing.TB, seconds int, more ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.m4a")
	args := []string{"-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("sine=440:duration=%d", seconds), "-fflags", "+bitexact", "-movie_timescale", "44100"}
	run(t, "ffmpeg", append(append(args, more...), "-f", "ipod", path)...)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func jpegFile(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, side, side)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func full(t testing.TB) mp4.Tag {
	return mp4.Tag{
		Title: "Der Preis – 価格 🎙", Artist: "Ada 😀", Album: "מִקְצָב العرض", AlbumArtist: "Press", Genre: "Podcast",
		Language: "de-AT", Date: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC),
		Comment: "Line one.\nLine two. " + strings.Repeat("ü", 300), Link: "https://example.org/a?b=c", Kind: mp4.KindPodcast, Cover: jpegFile(t, 64),
		Chapters: []mp4.Chapter{
			{Title: "Eins <script> & \"zwei\"", End: 737 * ms},
			{Title: "", Start: 737 * ms, End: 1999 * ms},
			{Title: strings.Repeat("ü", 4000), Start: 1999 * ms, End: 3000 * ms},
		},
	}
}

func numbered(n int) []mp4.Chapter {
	out := make([]mp4.Chapter, n)
	for i := range out {
		out[i] = mp4.Chapter{Title: fmt.Sprintf("Chapter %d", i+1), Start: time.Duration(i) * 10 * ms, End: time.Duration(i+1) * 10 * ms}
	}
	return out
}

func write(t testing.TB, file []byte, tag *mp4.Tag) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := mp4.Write(&out, bytes.NewReader(file), int64(len(file)), tag); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  mp4.Tag
		want func(*mp4.Tag) // what differs in the tag that is read
	}{
		{"nothing", mp4.Tag{}, nil},
		{"everything", full(t), nil},
		{"300 chapters", mp4.Tag{Chapters: numbered(300)}, nil},
		{"control characters", mp4.Tag{Title: "a\x00b\nc\u2028d", Comment: "a\r\nb\x00c\td"}, func(w *mp4.Tag) { w.Title, w.Comment = "a b c d", "a\nb c\td" }},
		{"no UTF-8", mp4.Tag{Title: "a\xffb"}, func(w *mp4.Tag) { w.Title = "a\ufffdb" }},
		{"finer than milliseconds", mp4.Tag{Chapters: []mp4.Chapter{{Title: "x", End: 1737499 * time.Microsecond}}}, func(w *mp4.Tag) { w.Chapters[0].End = 1737 * ms }},
		{"time before the first chapter", mp4.Tag{Chapters: []mp4.Chapter{{Title: "x", Start: ms, End: 5 * ms}}}, func(w *mp4.Tag) {
			w.Chapters = []mp4.Chapter{{End: ms}, w.Chapters[0]}
		}},
		{"a gap, and out of order", mp4.Tag{Chapters: []mp4.Chapter{{Title: "b", Start: 5 * ms, End: 6 * ms}, {Title: "a", End: 2 * ms}}}, func(w *mp4.Tag) {
			w.Chapters = []mp4.Chapter{{Title: "a", End: 5 * ms}, {Title: "b", Start: 5 * ms, End: 6 * ms}}
		}},
	}
	for _, order := range []struct {
		name string
		bare []byte
	}{{"index first", sound(t, 3, "-movflags", "+faststart")}, {"index last", sound(t, 3)}} {
		for _, tt := range tests {
			t.Run(order.name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				file := write(t, order.bare, &tt.tag)
				got, err := mp4.Read(bytes.NewReader(file), int64(len(file)))
				if err != nil {
					t.Fatal(err)
				}
				want := tt.tag
				want.Length = 3 * time.Second
				if tt.want != nil {
					tt.want(&want)
				}
				if diff := cmp.Diff(&want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if at, samples := bytes.Index(file, []byte("moov")), bytes.Index(file, []byte("mdat")); at > samples {
					t.Errorf("the index is at %d, behind the sound at %d", at, samples)
				}
				tag := mp4.Tag{Title: "another"}
				again := write(t, file, &tag) // the track of the chapters is gone
				if got, err := mp4.Read(bytes.NewReader(again), int64(len(again))); err != nil || len(got.Chapters) > 0 || got.Title != "another" {
					t.Errorf("tagged again it is %+v, %v", got, err)
				}
			})
		}
	}
}

// TestSoundStays decodes what was tagged: the samples are what they were.
func TestSoundStays(t *testing.T) {
	t.Parallel()
	sum := func(b []byte) string {
		path := filepath.Join(t.TempDir(), "a.m4a")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return run(t, "ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0:a", "-f", "md5", "-")
	}
	bare := sound(t, 20)
	tag := full(t)
	file := write(t, bare, &tag)
	if got, want := sum(file), sum(bare); got != want {
		t.Errorf("the sound is %s, and was %s", got, want)
	}
	if got := sum(write(t, file, &tag)); got != sum(bare) {
		t.Errorf("tagged twice, the sound is %s", got)
	}
}

// TestGapless keeps what tells players without edit lists of the encoder's delay.
func TestGapless(t *testing.T) {
	t.Parallel()
	const delay = " 00000000 00000840 000001CA 00000000003F31F6"
	path := filepath.Join(t.TempDir(), "a.m4a")
	if err := os.WriteFile(path, sound(t, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = "import sys; from mutagen.mp4 import MP4; m=MP4(sys.argv[1]); m['----:com.apple.iTunes:iTunSMPB']=[sys.argv[2].encode()]; m['\\xa9nam']=['old']; m.save()"
	run(t, "/usr/bin/python3", "-c", script, path, delay)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tag := mp4.Tag{Title: "new"}
	if got := write(t, file, &tag); !bytes.Contains(got, []byte(delay)) || bytes.Contains(got, []byte("old")) {
		t.Error("the delay is lost, or an old title is left")
	}
}

// large is a file with so many bytes of sound that are nothing but zeros.
type large struct {
	head []byte // up to the body of its mdat
	zero int64
}

func (l *large) size() int64 { return int64(len(l.head)) + l.zero }

func (l *large) ReadAt(b []byte, at int64) (int, error) {
	n := min(int64(len(b)), l.size()-at)
	clear(b[:n])
	if at < int64(len(l.head)) {
		copy(b[:n], l.head[at:])
	}
	if n < int64(len(b)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

// beginning keeps the first bytes that are written, and counts all.
type beginning struct {
	kept []byte
	n    int64
}

func (b *beginning) Write(p []byte) (int, error) {
	if room := 1<<20 - len(b.kept); room > 0 {
		b.kept = append(b.kept, p[:min(room, len(p))]...)
	}
	b.n += int64(len(p))
	return len(p), nil
}

// TestLarge rewrites a file that grows past 4 GiB: its places become 64 bits.
func TestLarge(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("copies 4 GiB")
	}
	bare := sound(t, 1, "-movflags", "+faststart")
	at := bytes.LastIndex(bare, []byte("mdat")) - 4
	l := &large{head: bytes.Clone(bare[:at+8])}
	l.zero = 1<<32 - 100 - int64(len(l.head))
	binary.BigEndian.PutUint32(l.head[at:], uint32(l.zero+8))
	tag := full(t)
	var out beginning
	if err := mp4.Write(&out, l, l.size(), &tag); err != nil {
		t.Fatal(err)
	}
	if out.n <= 1<<32 {
		t.Fatalf("it has %d bytes", out.n)
	}
	if bytes.Contains(out.kept, []byte("stco")) || !bytes.Contains(out.kept, []byte("co64")) {
		t.Error("its places are 32 bits")
	}
	file := &large{head: out.kept, zero: out.n - int64(len(out.kept))}
	got, err := mp4.Read(file, file.size())
	if err != nil {
		t.Fatal(err)
	}
	want := tag
	want.Length = time.Second
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	bare := sound(t, 1)
	for _, tt := range []struct {
		name string
		file []byte
		tag  mp4.Tag
		want error
	}{
		{"empty", nil, mp4.Tag{}, mp4.ErrFormat},
		{"something else", []byte("RIFF....WAVE"), mp4.Tag{}, mp4.ErrFormat},
		{"cut", bare[:len(bare)/2], mp4.Tag{}, mp4.ErrBroken},
		{"in fragments", sound(t, 1, "-movflags", "+empty_moov+frag_every_frame"), mp4.Tag{}, mp4.ErrFormat},
		{"chunks outside of the file", bytes.ReplaceAll(bare, []byte("stco\x00\x00\x00\x00\x00\x00\x00\x01\x00"), []byte("stco\x00\x00\x00\x00\x00\x00\x00\x01\x70")), mp4.Tag{}, mp4.ErrBroken},
		{"a cover that is none", bare, mp4.Tag{Cover: []byte("GIF89a")}, nil},
		{"a chapter that ends before it begins", bare, mp4.Tag{Chapters: []mp4.Chapter{{Start: 2 * ms, End: ms}}}, nil},
		{"a chapter beyond 49 days", bare, mp4.Tag{Chapters: []mp4.Chapter{{End: 50 * 24 * time.Hour}}}, nil},
		{"a chapter before the beginning", bare, mp4.Tag{Chapters: []mp4.Chapter{{Start: -ms}}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := mp4.Write(io.Discard, bytes.NewReader(tt.file), int64(len(tt.file)), &tt.tag)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// TestTrackLanguage has the sound's own track say its language, where it has one of
// three letters (ISO/IEC 14496-12, section 8.4.2), and leaves it alone else.
func TestTrackLanguage(t *testing.T) {
	t.Parallel()
	bare := sound(t, 1)
	language := func(file []byte) string {
		i := bytes.Index(file, []byte("mdhd"))
		code := binary.BigEndian.Uint16(file[i+4+20:])
		return string([]byte{byte(code>>10&31) + 0x60, byte(code>>5&31) + 0x60, byte(code&31) + 0x60})
	}
	for in, want := range map[string]string{"de-AT": "deu", "en": "eng", "": language(bare), "x-none": language(bare)} {
		if got := language(write(t, bare, &mp4.Tag{Language: in})); got != want {
			t.Errorf("%q is the track's %q, want %q", in, got, want)
		}
	}
}

// TestBrokenUserData has a file be refused whose user data is no boxes: what stays of
// it would be lost.
func TestBrokenUserData(t *testing.T) {
	t.Parallel()
	file := sound(t, 1)
	i := bytes.Index(file, []byte("udta"))
	binary.BigEndian.PutUint32(file[i+4:], 1<<24) // the size of its first box
	err := mp4.Write(io.Discard, bytes.NewReader(file), int64(len(file)), &mp4.Tag{Title: "A"})
	if !errors.Is(err, mp4.ErrBroken) {
		t.Errorf("%v, want %v", err, mp4.ErrBroken)
	}
}

// FuzzRead has files of anybody's read and rewritten: no panic, and what is
// written of it reads back.
func FuzzRead(f *testing.F) {
	tag := full(f)
	file := write(f, sound(f, 1), &tag)
	f.Add(file)
	f.Add(sound(f, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		tag, err := mp4.Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if mp4.Write(&out, bytes.NewReader(b), int64(len(b)), tag) != nil {
			return
		}
		if _, err := mp4.Read(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Errorf("what was written does not read: %v", err)
		}
	})
}
