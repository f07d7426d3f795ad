package publish_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// What cannot be read is in no tag, and nothing else names it.
func TestUnreadablePictures(t *testing.T) {
	t.Parallel()
	good := picture(t, 600)
	cut := good[:len(good)/2] // its head is whole, and says a size that fits
	all := publish.Art{Cover: cut, Images: map[string][]byte{"good.jpg": good, "cut.jpg": cut, "words.jpg": []byte("words")}}
	small, findings := all.ForTags(nil)
	if len(findings) < 3 || small.Cover != nil {
		t.Errorf("findings %q", findings)
	}
	left := all.Only(small)
	if got := slices.Collect(maps.Keys(left.Images)); left.Cover != nil || !slices.Equal(got, []string{"good.jpg"}) {
		t.Errorf("a cover: %v, images %v", left.Cover != nil, got)
	}
	ep := podcast.Episode{Slug: "a", Length: 3, Chapters: []podcast.Chapter{
		{Title: "A", End: 1, Image: "cut.jpg"}, {Title: "B", Start: 1, End: 2, Image: "words.jpg"}, {Title: "C", Start: 2, End: 3, Image: "good.jpg"},
	}}
	m := &publish.Material{Episode: ep, Art: left, Script: &script.Script{Cover: "own.jpg"}, Address: "https://e.org/a"}
	dir := t.TempDir()
	files, err := publish.WriteAll(t.Context(), dir, m, []publish.Publisher{publish.ChaptersFile(), publish.Cover(), publish.ChapterImages()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "a.chapters.json"))
	if err != nil || len(files) != 2 || strings.Count(string(b), `"img"`) != 1 {
		t.Errorf("%d files, %v:\n%s", len(files), err, b)
	}
	if at := m.CoverAddress(); at != "" {
		t.Errorf("the cover is said to be at %s", at)
	}
}

// keeper keeps pictures, and counts.
type keeper struct {
	mu    sync.Mutex
	there map[string][]byte
	put   int
}

func (k *keeper) Get(key string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.there[key]
}

func (k *keeper) Put(key string, b []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.there[key] = b
	k.put++
	return nil
}

// TestPicturesAreFittedOnce wants a cover that was brought to its size to be taken from
// what was kept, another to be made, and one that cannot be read not to be kept.
func TestPicturesAreFittedOnce(t *testing.T) {
	t.Parallel()
	kept := &keeper{there: map[string][]byte{}}
	large, other := picture(t, 1500), picture(t, 1501)
	first, _ := publish.Art{Cover: large}.ForTags(kept)
	again, findings := publish.Art{Cover: large}.ForTags(kept)
	if kept.put != 1 || len(first.Cover) == 0 || !bytes.Equal(first.Cover, again.Cover) {
		t.Errorf("%d made, %d and %d bytes", kept.put, len(first.Cover), len(again.Cover))
	}
	for key := range kept.there {
		kept.there[key] = []byte("as it was kept")
	}
	again, same := publish.Art{Cover: large}.ForTags(kept)
	if string(again.Cover) != "as it was kept" || !slices.Equal(findings, same) {
		t.Errorf("it was made again, or findings %q are %q", findings, same)
	}
	if next, _ := (publish.Art{Cover: other}).ForTags(kept); kept.put != 2 || bytes.Equal(next.Cover, first.Cover) {
		t.Error("another cover is taken for the first")
	}
	// As an image of a chapter it has another size.
	if small, _ := (publish.Art{Images: map[string][]byte{"a": large}}).ForTags(kept); kept.put != 3 || len(small.Images["a"]) == 0 {
		t.Errorf("%d made", kept.put)
	}
	if _, findings := (publish.Art{Cover: other[:len(other)/2]}).ForTags(kept); kept.put != 3 || len(findings) == 0 {
		t.Errorf("%d made, findings %q", kept.put, findings)
	}
}

// picture is a JPEG with something on it.
func picture(t *testing.T, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			m.Set(x, y, color.RGBA{byte(x * y), byte(x ^ y), byte(x + y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPictureForMany has the first episodes of a show begin at once: its cover is made
// once.
func TestPictureForMany(t *testing.T) {
	t.Parallel()
	large := picture(t, 3000)
	kept := &keeper{there: map[string][]byte{}}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if small, _ := (publish.Art{Cover: large}).ForTags(kept); len(small.Cover) == 0 {
				t.Error("no cover")
			}
		})
	}
	wg.Wait()
	if kept.put != 1 {
		t.Errorf("it was made %d times", kept.put)
	}
}
