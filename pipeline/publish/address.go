package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
)

// Address is where a file of a folder is on the web: each of names is a folder
// or a file under base, with slashes where it is several.
func Address(base *url.URL, names ...string) string {
	u := *base
	path := strings.TrimSuffix(u.Path, "/")
	escaped := strings.TrimSuffix(u.EscapedPath(), "/")
	for _, n := range names {
		for part := range strings.SplitSeq(n, "/") {
			path += "/" + part
			escaped += "/" + url.PathEscape(part)
		}
	}
	u.Path, u.RawPath = path, escaped
	return u.String()
}

// At is where a file of the episode's folder is on the web; empty where nobody
// knows.
func (m *Material) At(name string) string { return m.at(name) }

// Beside is where a file is that stands beside the episode's folder, such as
// the feed; empty where nobody knows.
func (m *Material) Beside(name string) string { return m.at("..", name) }

func (m *Material) at(names ...string) string {
	base, err := url.Parse(m.Address)
	if err != nil || m.Address == "" {
		return ""
	}
	if names[0] == ".." {
		base, names = base.JoinPath(".."), names[1:]
	}
	return Address(base, names...)
}

// CoverAddress is where the cover of the episode is on the web, its own or its
// show's; empty where it has none, or nobody knows.
func (m *Material) CoverAddress() string {
	switch {
	case len(m.Art.Cover) == 0:
		return ""
	case m.Script != nil && m.Script.Cover != "":
		return m.At(CoverName)
	}
	return m.Beside(ShowCoverName(m.Art.Cover))
}

// ShowCoverName is the file of a show's cover beside its feed. It holds a part
// of its hash: directories look at another picture only where its address is
// another.
func ShowCoverName(cover []byte) string {
	ext := "png"
	if bytes.HasPrefix(cover, []byte{0xFF, 0xD8}) {
		ext = "jpg"
	}
	sum := sha256.Sum256(cover)
	return fmt.Sprintf("cover-%s.%s", hex.EncodeToString(sum[:4]), ext)
}
