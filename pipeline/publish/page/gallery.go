package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Bounds on the images of a page. What is beyond them is shown by its
// description.
const (
	inlined    = 2 << 20  // bytes of images in the page itself, all together
	mostImage  = 16 << 20 // bytes of one, as covers have it
	mostImages = 1000
)

// gallery finds the pictures of an article: those on this machine, below the
// folders of its document and its show. Pictures on the web are not loaded.
type gallery struct {
	folders []string
	known   map[string]string // address in the document → in the page
	files   map[string]string // name in the episode's folder → file
	bytes   int               // of what is inlined
}

// endings are the pictures that a page may show, and how their files' names end.
var endings = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg",
}

// address is that of a picture as the page loads it; "" if it does not.
func (g *gallery) address(of string) string {
	if to, ok := g.known[of]; ok || len(g.known) >= mostImages {
		return to
	}
	to := ""
	if file, b := g.read(of); b != nil {
		to = g.take(file, b)
	}
	g.known[of] = to
	return to
}

// read finds a picture's file. Neither an address nor a link leads out of the
// folders: a text may have been written by anybody.
func (g *gallery) read(address string) (file string, b []byte) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || len(g.folders) == 0 {
		return "", nil
	}
	file = filepath.FromSlash(u.Path)
	if !filepath.IsAbs(file) {
		file = filepath.Join(g.folders[0], file)
	}
	for _, folder := range g.folders {
		rel, err := filepath.Rel(folder, file)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		f, err := os.OpenInRoot(folder, rel)
		if err != nil {
			continue
		}
		defer f.Close()
		if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() || st.Size() > mostImage {
			return "", nil
		}
		if b, err = io.ReadAll(io.LimitReader(f, mostImage)); err != nil {
			return "", nil
		}
		return file, b
	}
	return "", nil
}

// take puts a picture into the page while there is room, else beside it.
func (g *gallery) take(file string, b []byte) string {
	kind := imageType(b)
	ending, ok := endings[kind]
	if !ok {
		return ""
	}
	if g.bytes+len(b) <= inlined {
		g.bytes += len(b)
		return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b)
	}
	if ending == ".svg" {
		return "" // opened by itself it could run scripts
	}
	sum := sha256.Sum256(b)
	name := path.Join(imageFolder, hex.EncodeToString(sum[:8])+ending)
	g.files[name] = file
	return name
}

// imageFolder is the folder of a page's images in the episode's.
const imageFolder = "img"

// imageType is what a picture's bytes are.
func imageType(b []byte) string {
	kind := http.DetectContentType(b)
	if strings.HasPrefix(kind, "text/") && bytes.Contains(b[:min(len(b), 1024)], []byte("<svg")) {
		return "image/svg+xml"
	}
	return kind
}
