package feed_test

import (
	"context"
	"errors"
	"image"
	_ "image/jpeg" // drawn covers
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// TestDrawnCover gives a show without a cover one of its words, and another
// one under another name where they change.
func TestDrawnCover(t *testing.T) {
	t.Parallel()
	o := options(t, t.TempDir())
	episode(t, o.Out, "one", 1, nil)
	o.Show.Cover = ""
	names := map[string]bool{}
	for i, title := range []string{"Presses", "Presses", "Of Presses"} {
		o.Show.Title = title
		res, err := feed.Write(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if written := len(res.Written) > 0; written != (i != 1) || len(res.Findings) > 0 {
			t.Errorf("feed %d: written %v, findings %v", i, res.Written, res.Findings)
		}
		all, err := filepath.Glob(filepath.Join(o.Out, "cover-*"))
		if err != nil || len(all) != 1 {
			t.Fatalf("covers %v, %v", all, err)
		}
		names[all[0]] = true
		f, err := os.Open(all[0])
		if err != nil {
			t.Fatal(err)
		}
		c, kind, err := image.DecodeConfig(f)
		f.Close()
		if err != nil || kind != "jpeg" || c.Width != 3000 || c.Height != 3000 {
			t.Errorf("%s %+v, %v", kind, c, err)
		}
	}
	if len(names) != 2 {
		t.Errorf("covers %v", names)
	}
}

// TestFittedCover has a cover that directories refuse brought to what they take.
func TestFittedCover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		w, h  int
		finds string
		ext   string
		side  int
		same  bool // it is written as it is
	}{
		{"as it should be", 1500, 1500, "", "png", 1500, true},
		{"too large", 3100, 3100, "it is made smaller", "jpg", 3000, false},
		{"too small", 300, 300, "it is enlarged", "jpg", 1400, false},
		{"not square", 1600, 1400, "not square", "jpg", 1600, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, t.TempDir())
			episode(t, o.Out, "one", 1, nil)
			f, err := os.Create(o.Show.Cover)
			if err == nil {
				err = errors.Join(png.Encode(f, image.NewGray(image.Rect(0, 0, tt.w, tt.h))), f.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
			res, err := feed.Write(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(res.Findings, "; "); (got == "") != (tt.finds == "") || !strings.Contains(got, tt.finds) {
				t.Errorf("findings: %s", got)
			}
			all, err := filepath.Glob(filepath.Join(o.Out, "cover-*."+tt.ext))
			if err != nil || len(all) != 1 {
				t.Fatalf("covers %v, %v", all, err)
			}
			if !strings.Contains(text(t, o, feed.Name), filepath.Base(all[0])) {
				t.Error("the feed names another one")
			}
			b, err := os.ReadFile(all[0])
			if err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(o.Show.Cover)
			if err != nil {
				t.Fatal(err)
			}
			if c, _, err := image.DecodeConfig(strings.NewReader(string(b))); err != nil || c.Width != tt.side || c.Height != tt.side || (string(b) == string(raw)) != tt.same {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

// TestNoFolder has nothing written where there are no episodes' folders.
func TestNoFolder(t *testing.T) {
	t.Parallel()
	o := options(t, filepath.Join(t.TempDir(), "none"))
	if _, err := feed.Write(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there is no such folder: produce an episode first") {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "bad")
	if err := os.MkdirAll(file, 0o700); err != nil {
		t.Fatal(err)
	}
	o.Out = file
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	episode(t, o.Out, "one", 1, nil)
	if _, err := feed.Write(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(o.Out, "cover-*")); len(left) > 0 {
		t.Errorf("%v is written before the folder was read", left)
	}
}
