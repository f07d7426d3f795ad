package batch

import (
	"net/url"
	"path"
	"strings"

	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline"
)

// remember gives posts of feeds that have moved to other addresses the episodes
// that were made of them: a site that begins to use https is not published twice.
// A post is known again by its feed's GUID, which is to stay (RSS 2.0, "<guid>";
// RFC 4287, 4.2.6; JSON Feed 1.1, "id") and by its title or the end of its address:
// where a site is made anew, its numbers may be those of other posts. It is to be of
// the same source and site: anybody may give a post the GUID of another one.
func remember(items []source.Item, known map[string]*Outcome, made map[string]*source.Made) {
	var byGUID map[guid]*Outcome // nil twice: two posts, or more, had it
	listed := make(map[string]bool, len(items))
	count := map[guid]int{}
	for i := range items {
		listed[items[i].ID] = true
		count[guid{items[i].GUID, items[i].Source}]++
	}
	for i := range items {
		it := &items[i]
		g := guid{it.GUID, it.Source}
		if it.GUID == "" || count[g] > 1 || made[it.ID] != nil || known[it.ID] != nil {
			continue
		}
		if byGUID == nil {
			byGUID = guids(known)
		}
		was := byGUID[g]
		if was == nil || listed[was.Episode] || len(was.As) != 1 || made[was.As[0]] == nil || !alike(it, was) {
			continue
		}
		it.ID, it.Keeps = was.Episode, was.As[0]
	}
}

// alike says whether a post looks like the one that was made.
func alike(it *source.Item, was *Outcome) bool {
	if !pipeline.SameSite(it.Location, was.Location) {
		return false
	}
	return it.Title != "" && strings.EqualFold(it.Title, was.Title) || lastOf(it.Location) == lastOf(was.Location)
}

// lastOf is the last name in an address's path, or the whole where it has none.
func lastOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return address
	}
	return path.Base(u.Path)
}

// guid is what a source calls a post.
type guid struct{ text, source string }

// guids are outcomes by GUID, nil for those that several posts had.
func guids(known map[string]*Outcome) map[guid]*Outcome {
	out := map[guid]*Outcome{}
	for _, o := range known {
		if o.GUID == "" {
			continue
		}
		g := guid{o.GUID, o.Source}
		if _, there := out[g]; there {
			o = nil
		}
		out[g] = o
	}
	return out
}
