package publish_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ep := podcast.Episode{ID: "posts/presses.md", Slug: publish.Slug("On Presses"), Title: "On Presses", Chapters: []podcast.Chapter{
		{Title: "Intro", End: 8}, {Title: "Type", Start: 8, End: 90},
	}}
	chapters, err := publish.Chapters(filepath.Join(dir, ep.Slug+".chapters.json"), ep)
	if err != nil {
		fmt.Println(err)
		return
	}
	// The manifest is the last: it makes the folder whole.
	if err := publish.WriteManifest(dir, publish.Manifest{Episode: ep, Files: []publish.File{chapters}}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(chapters.Name, publish.Verify(dir))
	// Output: on-presses.chapters.json <nil>
}

func episode() podcast.Episode {
	return podcast.Episode{
		ID: "posts/presses.md", Slug: "on-presses", Title: "On Presses & <Type>", Author: "Ada", Language: "en-US",
		Link: "https://example.org/presses?a=1&b=2", Description: "How type was set.", Date: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
		Length: 4, Loudness: podcast.Loudness{Integrated: -16.02, Range: 4.1, TruePeak: -1.3},
		Chapters: []podcast.Chapter{
			{Title: "Intro", Start: 0, End: 1.23449},
			{Title: "", Start: 1.23449, End: 2, Link: "https://example.org/#a", Image: "https://example.org/a.png"},
			{Title: "Sorts 🎲", Start: 2, End: 4, Image: "/home/ada/type.jpg"},
		},
	}
}

func jpegFile(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 32)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bareMP3 is four seconds of real MPEG frames without a tag.
func bareMP3(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bare.mp3")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=440:duration=4",
		"-b:a", "64k", "-write_id3v2", "0", "-id3v2_version", "0", path).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	return path
}

// frameFile is the sound of a file of MPEG frames.
type frameFile string

func (f frameFile) WriteTo(w io.Writer) (int64, error) {
	b, err := os.ReadFile(string(f))
	if err != nil {
		return 0, err
	}
	n, err := w.Write(b)
	return int64(n), err
}

func TestMP3(t *testing.T) {
	t.Parallel()
	audio := bareMP3(t)
	frames, err := os.ReadFile(audio)
	if err != nil {
		t.Fatal(err)
	}
	picture := jpegFile(t)
	art := publish.Art{Cover: picture, Images: map[string][]byte{"/home/ada/type.jpg": picture}}
	show := podcast.Show{Title: "Press Hour", Author: "The Press", Language: "en"}
	dst := filepath.Join(t.TempDir(), "on-presses.mp3")
	enclosure, err := publish.MP3(t.Context(), dst, frameFile(audio), episode(), show, art)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dst)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(got)
	want := podcast.Enclosure{File: "on-presses.mp3", MediaType: "audio/mpeg", Bytes: int64(len(got)), SHA256: hex.EncodeToString(sum[:])}
	if diff := cmp.Diff(want, enclosure); diff != "" {
		t.Error(diff)
	}
	if !bytes.HasSuffix(got, frames) {
		t.Error("the MPEG frames are not as they were")
	}
	tag, err := id3.Read(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	wantTag := &id3.Tag{
		Title: "On Presses & <Type>", Artist: "Ada", Album: "Press Hour", AlbumArtist: "The Press", Language: "en",
		Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Length: 4 * time.Second, Comment: "How type was set.",
		Link: "https://example.org/presses?a=1&b=2", Cover: picture,
		Chapters: []id3.Chapter{
			{Title: "Intro", End: 1234 * time.Millisecond},
			{Start: 1234 * time.Millisecond, End: 2 * time.Second, Link: "https://example.org/#a"},
			{Title: "Sorts 🎲", Start: 2 * time.Second, End: 4 * time.Second, Image: picture},
		},
	}
	if diff := cmp.Diff(wantTag, tag); diff != "" {
		t.Errorf("tag (-want +got):\n%s", diff)
	}

	out, err := exec.CommandContext(t.Context(), "mp3val", dst).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("WARNING")) || bytes.Contains(out, []byte("ERROR")) {
		t.Errorf("mp3val: %v\n%s", err, out)
	}
}

func TestMP3Errors(t *testing.T) {
	t.Parallel()
	good := frameFile(bareMP3(t))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name  string
		ctx   context.Context
		dst   string
		sound publish.Sound
		art   publish.Art
		want  string
	}{
		{"sound that ends with an error", t.Context(), "a.mp3", frameFile(filepath.Join(t.TempDir(), "none")), publish.Art{}, "no such file"},
		{"cover is no picture", t.Context(), "a.mp3", good, publish.Art{Cover: []byte("x")}, "a.mp3: the cover is neither"},
		{"no such folder", t.Context(), "none/a.mp3", good, publish.Art{}, "none/a.mp3: no such file"},
		{"canceled", canceled, "a.mp3", good, publish.Art{}, context.Canceled.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			_, err := publish.MP3(tt.ctx, filepath.Join(out, tt.dst), tt.sound, episode(), podcast.Show{}, tt.art)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if left, _ := os.ReadDir(out); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

func TestReadImage(t *testing.T) {
	t.Parallel()
	picture := jpegFile(t)
	tests := []struct {
		name string
		data []byte
		want string // of the error; empty for none
	}{
		{"JPEG", picture, ""},
		{"GIF", []byte("GIF89a"), "neither a JPEG nor a PNG"},
		{"largest", append(picture[:len(picture):len(picture)], make([]byte, id3.MaxImage-len(picture))...), ""},
		{"too large", append(picture[:len(picture):len(picture)], make([]byte, id3.MaxImage)...), "larger than 16 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "picture")
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := publish.ReadImage(path)
			if tt.want == "" && (err != nil || !bytes.Equal(got, tt.data)) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	missing := filepath.Join(t.TempDir(), "gone.jpg")
	wants := map[string]string{missing: "read image " + missing, filepath.Dir(missing): "it is no file"}
	if runtime.GOOS == "linux" {
		wants["/proc/self/mem"] = "read image /proc/self/mem" // a file of which no byte can be read at its start
	}
	for path, want := range wants {
		if got, err := publish.ReadImage(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d bytes, %v; want %q", path, len(got), err, want)
		}
	}
}

func TestChapters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		ep   podcast.Episode
	}{
		{"chapters", episode()},
		{"none", podcast.Episode{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dst := filepath.Join(t.TempDir(), "x.chapters.json")
			f, err := publish.Chapters(dst, tt.ep)
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(dst)
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(got) || f.Bytes != int64(len(got)) || f.Name != "x.chapters.json" {
				t.Errorf("%+v for %d bytes", f, len(got))
			}
			golden(t, tt.name+".json", got)
		})
	}
}

func TestWriteFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	for _, text := range []string{"first", "second"} {
		f, err := publish.WriteFile(path, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		if diff := cmp.Diff(publish.File{Name: "a.txt", Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}, f); diff != "" {
			t.Error(diff)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v beside the file (%v)", entries, err)
	}
	_, err := publish.WriteFile(filepath.Join(dir, "a.txt", "b"), nil)
	var pe *os.PathError
	if err == nil || errors.As(err, &pe) || !strings.HasPrefix(err.Error(), "write "+filepath.Join(dir, "a.txt", "b")+": ") {
		t.Errorf("error %v does not name the file, and it alone", err)
	}
}

func TestWriteRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	err := publish.WriteRun(dir, publish.Run{
		Program: "v1.2.3", Started: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), Elapsed: 12.5,
		Requests: []publish.Request{{Ordinal: 1, Key: "ab", Endpoint: "kokoro", RequestID: "r-1", Attempts: 2, Elapsed: 1.25}},
		Spent:    publish.Spent{Characters: 120, Cost: 0.0018, Currency: "USD"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, publish.RunName))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "run.json", got)
}
