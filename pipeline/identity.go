package pipeline

import (
	"cmp"
	"path/filepath"

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
