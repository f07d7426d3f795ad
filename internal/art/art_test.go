package art_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/art"
)

// noisy is a picture that no codec makes small.
func noisy(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range m.Pix {
		if seed = seed*1664525 + 1013904223; i%4 == 3 {
			m.Pix[i] = 255
		} else {
			m.Pix[i] = byte(seed >> 24)
		}
	}
	return m
}

func plain(w, h int, c color.Color) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, c)
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a small PNG file whose head says so many pixels.
func bomb(t testing.TB, w, h uint32) []byte {
	b := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestFit(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	for _, tt := range []struct {
		name string
		file []byte
		size art.Size
		w, h int
		same bool // the file stays
	}{
		{"fits", asJPEG(t, plain(500, 500, color.White)), art.ForTag(), 500, 500, true},
		{"a PNG becomes a JPEG", asPNG(t, plain(500, 500, color.White)), art.ForTag(), 500, 500, false},
		{"too many pixels", asJPEG(t, plain(2000, 2000, color.White)), art.ForTag(), 1400, 1400, false},
		{"enlarged for a feed", asPNG(t, plain(300, 300, color.White)), art.ForFeed(), 1400, 1400, false},
		{"not square", asPNG(t, plain(300, 200, color.White)), art.ForTag(), 300, 300, false},
		{"nearly square", asPNG(t, plain(300, 297, color.White)), art.ForTag(), 300, 300, false},
		{"a chapter's is as wide as it is", asPNG(t, plain(1200, 600, color.White)), art.ForChapterTag(), 600, 300, false},
		{"a line", asPNG(t, plain(1000, 1, color.White)), art.ForChapterTag(), 600, 1, false},
		{"transparent", asPNG(t, clear), art.ForTag(), 100, 100, false},
		{"grey", asJPEG(t, image.NewGray(image.Rect(0, 0, 100, 100))), art.ForTag(), 100, 100, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := art.Fit(tt.file, tt.size)
			if err != nil {
				t.Fatal(err)
			}
			info, err := art.Look(got)
			if err != nil {
				t.Fatal(err)
			}
			if info.Width != tt.w || info.Height != tt.h || info.Format != "jpeg" || len(got) > tt.size.Bytes || bytes.Equal(got, tt.file) != tt.same {
				t.Errorf("%+v, %d bytes", info, len(got))
			}
			if again, err := art.Fit(tt.file, tt.size); err != nil || !bytes.Equal(got, again) {
				t.Errorf("made again it is another file: %v", err)
			}
		})
	}
}

// TestFitBytes has noise, which takes the most bytes, come under the limit.
func TestFitBytes(t *testing.T) {
	t.Parallel()
	got, err := art.Fit(asJPEG(t, noisy(900, 900)), art.ForChapterTag())
	if err != nil || len(got) > art.ForChapterTag().Bytes {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestTransparent has what nobody painted come out white, not black.
func TestTransparent(t *testing.T) {
	t.Parallel()
	got, err := art.Fit(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 100, 100))), art.ForTag())
	if err != nil {
		t.Fatal(err)
	}
	if m := decode(t, got); !near(m.At(50, 50), color.White) {
		t.Errorf("it is %v", m.At(50, 50))
	}
}

func decode(t *testing.T, file []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	off := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x0800 }
	return !off(r1, r2) && !off(g1, g2) && !off(b1, b2)
}

// TestTurned has a picture from a camera that was held on its side, in each of
// the eight ways, look as it was seen: red at its top left, wider than high.
func TestTurned(t *testing.T) {
	t.Parallel()
	const w, h = 64, 32
	red := color.RGBA{200, 0, 0, 255}
	seen := plain(w, h, color.White)
	for y := range h / 2 {
		for x := range w / 2 {
			seen.Set(x, y, red)
		}
	}
	// stored is where a pixel that is seen stands in the file.
	stored := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, w - 1 - x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x },
		8: func(x, y int) (int, int) { return h - 1 - y, x },
	}
	for value, at := range stored {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		if value >= 5 {
			m = image.NewRGBA(image.Rect(0, 0, h, w))
		}
		for y := range h {
			for x := range w {
				i, j := at(x, y)
				m.Set(i, j, seen.At(x, y))
			}
		}
		file := asJPEG(t, m)
		exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(value), 0, 0, 0, 0, 0, 0)
		segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2)), exif...)
		got, err := art.Fit(append(append(bytes.Clone(file[:2]), segment...), file[2:]...), art.ForChapter())
		if err != nil {
			t.Fatal(err)
		}
		out := decode(t, got)
		if out.Bounds().Dx() != w || !near(out.At(8, 8), red) || !near(out.At(w-8, 8), color.White) || !near(out.At(8, h-4), color.White) {
			t.Errorf("orientation %d: %v, with %v at its top left", value, out.Bounds(), out.At(8, 8))
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	whole := asPNG(t, noisy(50, 50))
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, art.ErrNoImage},
		{"words", []byte("<svg></svg>"), art.ErrNoImage},
		{"cut", whole[:len(whole)/2], art.ErrNoImage},
		{"a bomb", bomb(t, 50_000, 50_000), art.ErrTooLarge},
		{"a long bomb", bomb(t, 1<<31-1, 1), art.ErrTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := art.Fit(tt.file, art.ForTag()); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

func TestCoverFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		info art.Info
		want []string
	}{
		{"as it should be", art.Info{Width: 3000, Height: 3000, Colours: "RGB"}, nil},
		{"small and wide", art.Info{Width: 800, Height: 600, Colours: "CMYK"}, []string{"not square", "800 pixels a side", "CMYK"}},
		{"large", art.Info{Width: 4000, Height: 3990, Colours: "RGB with transparency"}, []string{"edges are cut", "4000 pixels a side", "transparent"}},
	} {
		got := tt.info.CoverFaults()
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q", tt.name, got)
			continue
		}
		for i, want := range tt.want {
			if !strings.Contains(got[i], want) {
				t.Errorf("%s: %q, want one of %q", tt.name, got[i], want)
			}
		}
	}
}

// TestCover draws covers of all kinds of titles. With the variable COVERS they
// are written into that folder, to be looked at.
func TestCover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, title, author string
		lettered            bool
	}{
		{"short", "On Presses", "Ada Lovelace", true},
		{"one word", "Fernsehsendungen", "Çağla Öztürk", true},
		{"long", "The Quiet History of Movable Type and of the People Who Set It, Told in Thirty Evenings", "The Society of Printers, Binders and Readers of the Northern Provinces", true},
		{"longest", strings.Repeat("Everything that can be said about printing ", 100), "", true},
		{"a word without an end", strings.Repeat("Donaudampfschiff", 8), "", true},
		{"Greek and Cyrillic", "Η τυπογραφία и типография", "Ωμέγα", true},
		{"with emoji and marks", "Type 🎙️ \u200ftalk & \"ink\" <b>", "😀", true},
		{"Chinese", "印刷的歷史", "作者", false},
		{"Arabic", "تاريخ الطباعة", "كاتب", false},
		{"emoji alone", "🎙️🎧", "x", false},
		{"nothing", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := art.Cover(tt.title, tt.author)
			if err != nil {
				t.Fatal(err)
			}
			if dir := os.Getenv("COVERS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, tt.name+".jpg"), got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			info, err := art.Look(got)
			if err != nil {
				t.Fatal(err)
			}
			want := art.Info{Width: 3000, Height: 3000, Format: "jpeg", Colours: "RGB"}
			if diff := cmp.Diff(want, info); diff != "" || len(got) > 2<<20 {
				t.Errorf("%d bytes (-want +got):\n%s", len(got), diff)
			}
			if ok, err := art.Lettered(tt.title); err != nil || ok != tt.lettered {
				t.Errorf("lettered: %v, %v", ok, err)
			}
		})
	}
}

// TestCoverStays has the same words give the same bytes, and others others.
func TestCoverStays(t *testing.T) {
	t.Parallel()
	var made [3][]byte
	for i, title := range []string{"A", "A", "B"} {
		var err error
		if made[i], err = art.Cover(title, ""); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) || bytes.Equal(made[0], made[2]) {
		t.Error("the same title gives two covers, or two titles the same one")
	}
}

func FuzzFit(f *testing.F) {
	f.Add(asJPEG(f, plain(20, 10, color.White)))
	f.Add(asPNG(f, noisy(9, 9)))
	f.Fuzz(func(t *testing.T, file []byte) {
		if info, err := art.Look(file); err != nil || info.Width*info.Height > 1<<20 {
			return
		}
		got, err := art.Fit(file, art.ForTag())
		if err != nil {
			return
		}
		if _, err := art.Look(got); err != nil {
			t.Error(err)
		}
	})
}
