package pipeline

import (
	"cmp"
	"net"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
)

// EpisodeID is the ID of the episode that a source becomes, if it is not
// divided: what the document says, else its canonical address, else the source's
// name in the show.
func EpisodeID(cfg *config.Config, source string, meta document.Meta) string {
	return identity(meta.ID, meta.Link, SourceName(cfg, source))
}

func identity(id, link, name string) string { return cmp.Or(id, link, name) }

// own is what a source calls itself, as far as it may. A page that somebody else's list
// led to speaks for its own site: called otherwise it would take the place of an
// episode that was made of another one.
func (o Order) own(name string) string {
	if o.Page == nil || !o.Page.Led {
		return name
	}
	low := strings.ToLower(name)
	for _, number := range []string{"isbn", "urn:isbn:", "doi:", "urn:doi:"} { // of a book, whoever offers it
		if strings.HasPrefix(low, number) {
			return name
		}
	}
	if IsURL(name) && SameSite(name, o.Page.URL) {
		return name
	}
	return ""
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// SameSite says whether two addresses are of one owner: of one host, or under one
// name that was registered (publicsuffix.org), under which addresses of one machine
// and names of a local network are not.
func SameSite(one, other string) bool {
	a, b := hostOf(one), hostOf(other)
	if strings.EqualFold(a, b) {
		return a != ""
	}
	site := func(host string) string {
		name, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(strings.TrimSuffix(host, ".")))
		if err != nil || net.ParseIP(host) != nil {
			return ""
		}
		return name
	}
	return site(a) != "" && site(a) == site(b)
}

// SourceName is how a show's manifests name a source: a path relative to the
// show's file, with slashes, or an address as it is.
func SourceName(cfg *config.Config, source string) string {
	if IsURL(source) {
		return source
	}
	abs, err := filepath.Abs(source)
	if err != nil {
		abs = source
	}
	if rel, err := filepath.Rel(cfg.Dir, abs); err == nil {
		abs = rel
	}
	return filepath.ToSlash(abs) // as it is on another drive
}
