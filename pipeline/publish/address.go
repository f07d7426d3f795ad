package publish

import (
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
