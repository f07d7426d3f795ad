package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/narrapress/narrapress/internal/art"
)

const (
	mediaTypeJPEG = "image/jpeg"

	// CoverName is the file of an episode's own cover in its folder.
	CoverName = "cover.jpg"

	// imageDir is where the images of an episode are.
	imageDir = "img"
)

// Fitted keeps pictures that were brought to a size, by key: a show's cover is in
// every episode. A *store.Cache is one.
type Fitted interface {
	Get(key string) []byte // nil: it is not there
	Put(key string, b []byte) error
}

// ForTags are the pictures as small as they should be inside an audio file,
// which players load before the first sound. The findings say what was done to
// them, and which of them could not be read and are left out. What else names
// pictures names those of [Art.Only]. What kept has is not made again; it may be nil.
func (a Art) ForTags(kept Fitted) (small Art, findings []string) {
	if len(a.Cover) > 0 {
		if info, err := art.Look(a.Cover); err == nil {
			for _, fault := range info.CoverFaults() {
				findings = append(findings, "cover: "+fault)
			}
		}
		b, err := fit(a.Cover, art.ForTag(), kept)
		if err != nil {
			findings = append(findings, fmt.Sprintf("cover: %v: it is left out", err))
		}
		small.Cover = b
	}
	small.Images = map[string][]byte{}
	names := make([]string, 0, len(a.Images))
	for name := range a.Images {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b, err := fit(a.Images[name], art.ForChapterTag(), kept)
		if err != nil {
			findings = append(findings, fmt.Sprintf("image %s: %v: it is left out", name, err))
			continue
		}
		small.Images[name] = b
	}
	return small, findings
}

// fitting has a process bring one picture to its size at a time: a large one takes
// 200 MiB meanwhile, and what several episodes want at once is mostly the cover of
// their show, which the second finds kept.
var fitting sync.Mutex

// fitVersion is another one where the same file is brought to a size in another way.
const fitVersion = 1

// fit is art.Fit of a file whose pixels can be read: one that fits as it is was
// not looked into there.
func fit(file []byte, s art.Size, kept Fitted) ([]byte, error) {
	if kept == nil {
		return fitAnew(file, s)
	}
	h := sha256.New()
	fmt.Fprintf(h, "picture %d %+v\n", fitVersion, s)
	h.Write(file)
	key := hex.EncodeToString(h.Sum(nil))
	if b := kept.Get(key); len(b) > 0 {
		return b, nil
	}
	fitting.Lock()
	defer fitting.Unlock()
	if b := kept.Get(key); len(b) > 0 { // by now
		return b, nil
	}
	b, err := fitAnew(file, s)
	if err == nil {
		_ = kept.Put(key, b) // what is not kept is made again
	}
	return b, err
}

func fitAnew(file []byte, s art.Size) ([]byte, error) {
	b, err := art.Fit(file, s)
	if err == nil && len(b) == len(file) && &b[0] == &file[0] {
		if _, _, err = image.Decode(bytes.NewReader(file)); err != nil {
			return nil, fmt.Errorf("%w: %w", art.ErrNoImage, err)
		}
	}
	return b, err
}

// Only are those of the pictures that others have, too: what could not be read
// for a tag is nowhere else.
func (a Art) Only(others Art) Art {
	both := Art{Images: map[string][]byte{}}
	if len(others.Cover) > 0 {
		both.Cover = a.Cover
	}
	for name, b := range a.Images {
		if len(others.Images[name]) > 0 {
			both.Images[name] = b
		}
	}
	return both
}

// Cover publishes the cover of an episode that has one of its own, in the size
// that a feed names.
func Cover() Publisher {
	return Publisher{Name: "cover", Write: func(_ context.Context, dir string, m *Material) ([]File, error) {
		if m.Script == nil || m.Script.Cover == "" || len(m.Art.Cover) == 0 {
			return nil, nil
		}
		b, err := art.Fit(m.Art.Cover, art.ForFeed())
		if err != nil {
			return nil, nil //nolint:nilerr // the findings say so
		}
		f, err := WriteFile(filepath.Join(dir, CoverName), b)
		return []File{f.As(KindCover, mediaTypeJPEG)}, err
	}}
}

// ShowCover is a show's cover as its feed names it: as it is where directories
// take it so, else in the size that they ask for.
func ShowCover(cover []byte) ([]byte, error) {
	if taken(cover) {
		return cover, nil
	}
	return art.Fit(cover, art.ForFeed())
}

// taken says whether directories take a cover as it is.
func taken(cover []byte) bool {
	info, err := art.Look(cover)
	return err == nil && len(info.CoverFaults()) == 0 && len(cover) <= art.ForFeed().Bytes
}

// ShowCoverName is the file of a show's cover beside its feed. It holds a part
// of its hash: directories look at another picture only where its address is
// another.
func ShowCoverName(cover []byte) string {
	ext, h := "jpg", sha256.New()
	switch info, err := art.Look(cover); {
	case !taken(cover):
		h.Write([]byte("fitted 1\n")) // another number where it is fitted in another way
	case err == nil && info.Format == "png":
		ext = "png"
	}
	h.Write(cover)
	return fmt.Sprintf("cover-%s.%s", hex.EncodeToString(h.Sum(nil)[:4]), ext)
}

// ChapterImages publishes the images of chapters, each once.
func ChapterImages() Publisher {
	return Publisher{Name: "images of chapters", Write: func(ctx context.Context, dir string, m *Material) ([]File, error) {
		var files []File
		done := map[string]bool{}
		for _, c := range m.Episode.Chapters {
			name := chapterImage(m, c.Image)
			if name == "" || done[name] {
				continue
			}
			done[name] = true
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			b, err := art.Fit(m.Art.Images[c.Image], art.ForChapter())
			if err != nil {
				continue
			}
			to := filepath.Join(dir, filepath.FromSlash(name))
			if err := MakeFolder(filepath.Dir(to)); err != nil {
				return nil, err
			}
			f, err := WriteFile(to, b)
			if err != nil {
				return nil, err
			}
			f.Name = name
			files = append(files, f.As(KindImage, mediaTypeJPEG))
		}
		return files, nil
	}}
}

// chapterImage is the file in the episode's folder that a chapter's image is
// published as; empty where there is none. It is named after what it was made
// of: apps ask for an address once.
func chapterImage(m *Material, image string) string {
	b := m.Art.Images[image]
	if len(b) == 0 {
		return ""
	}
	sum := sha256.Sum256(b)
	return path.Join(imageDir, "chapter-"+hex.EncodeToString(sum[:6])+".jpg")
}
