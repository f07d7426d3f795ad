package pipeline_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
)

var pictures = flag.Bool("pictures", false, "take the pictures of a page and a report in docs/pictures anew")

// tower is a drawing for a page.
func tower(t *testing.T) string {
	t.Helper()
	const w, h = 480, 240
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Gray{236}, color.Gray{70}, color.RGBA{214, 160, 60, 255}, color.Gray{190}})
	for y := range h {
		for x := range w {
			switch dx := x - w/2; {
			case y > 200+((x/24)%2)*6:
				m.SetColorIndex(x, y, 3) // the sea
			case y < 70 && y > 50 && abs(dx) > 14 && abs(dx) < 14+(y-20)*4 && abs(y-60) < abs(dx)/12:
				m.SetColorIndex(x, y, 2) // its light
			case y > 40 && abs(dx) < 12+(y-40)/14:
				m.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func abs(n int) int { return max(n, -n) }

// TestPageInABrowser makes an episode and looks at its page and its report in Chromium.
func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	readers, err := filepath.Abs("../bin/readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join(readers, "node_modules", name)); err != nil {
			t.Skipf("%s is not there; scripts/setup --test installs it where npm is", name)
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not there; scripts/setup --test installs it")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not there; scripts/setup --test installs it")
	}
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": read(t, "testdata/page/post.md"), "tower.png": tower(t)})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	server := httptest.NewServer(http.FileServer(http.Dir(res.Dir)))
	defer server.Close()
	shots := ""
	if *pictures {
		if shots, err = filepath.Abs("../docs/pictures"); err != nil {
			t.Fatal(err)
		}
	}
	name := res.Episode.Slug + ".html"
	script, err := filepath.Abs("testdata/page/look.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, script, readers, chromium, server.URL+"/"+name, filepath.Join(res.Dir, name), shots)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
	looks := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); looks++ {
		var seen struct {
			Name   string
			OK     bool
			Detail string
		}
		if err := json.Unmarshal(lines.Bytes(), &seen); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		t.Run(seen.Name, func(t *testing.T) {
			if !seen.OK {
				t.Error(seen.Detail)
			}
		})
	}
	if looks < 33 {
		t.Errorf("only %d looks", looks)
	}
}
