package script

import (
	"net/url"
	"path"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// image announces an image by its caption, and by its alternative text where
// that says more.
func (r *renderer) image(alt, caption string, pos document.Pos, role string) {
	text := ""
	caption = strings.Join(strings.Fields(caption), " ")
	texts := []string{caption, alt}
	mode := r.Options.Elements.Image
	if mode == "caption" {
		texts = texts[:1]
	}
	for _, t := range texts {
		t = strings.Join(strings.Fields(t), " ")
		switch {
		case !describes(t), t != caption && r.known(t):
		case text == "":
			text = t
		case adds(text, t):
			text = ended(text) + " " + t
		}
	}
	switch {
	case mode == "skip":
		r.find(pos, "an image is left out")
	case text == "" && strings.TrimSpace(alt) == "":
		r.left.images++
		r.find(pos, "an image without a description is left out")
	case text == "":
		r.left.images++
		r.find(pos, "an image is left out: %s describes nothing", shortened(alt))
	default:
		said := r.outside(text, role)
		said.end()
		if l := r.around(sayImage, "text", said); l != nil {
			r.say(passage{role: role, announcement: true, line: l, pos: pos, begins: edges{EdgeImage}, ends: edges{EdgeImage}})
		}
	}
}

// known says whether a description tells nothing new: it is the article's
// title, or that of an image before. Programs that write pages put these there.
func (r *renderer) known(alt string) bool {
	key := strings.ToLower(alt)
	if len(strings.Fields(alt)) > 2 && !adds(r.title, alt) || r.shown[key] {
		return true
	}
	r.shown[key] = true
	return false
}

// adds says whether a text has a word that another lacks.
func adds(to, text string) bool {
	known := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(to), notSpeakable) {
		known[w] = true
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), notSpeakable) {
		if !known[w] {
			return true
		}
	}
	return false
}

func notSpeakable(r rune) bool { return !speakable(r) }

// pictured notes the file of an image for the chapter that it stands in: with
// the passage before it, or the next where there is none yet.
func (r *renderer) pictured(address string, pos document.Pos) {
	if r.Options.Chapters.Images != imagesFirst {
		return
	}
	file, why := imageFile(address)
	if why != "" {
		r.find(pos, "the image %s is not for a chapter: %s", shortened(address), why)
		return
	}
	to := &r.picture
	if n := len(r.passages); n > 0 {
		to = &r.passages[n-1].image
	}
	if *to == "" {
		*to = file
	}
}

// imageFile is the path that an address in a document has beside it, with
// slashes, or why it can have none.
func imageFile(address string) (file, why string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Path == "" && u.Host == "" && u.Opaque == "":
		return "", "its address names no file"
	case u.Scheme != "" || u.Host != "":
		return "", "it is not a file beside the document"
	case path.IsAbs(u.Path):
		return "", "its path begins at the root of a site"
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png":
		return path.Clean(u.Path), ""
	}
	return "", "players show JPEG and PNG only"
}
