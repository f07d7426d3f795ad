package batch

import (
	"strings"

	"github.com/narrapress/narrapress/internal/batch/source"
)

// remember gives posts of feeds that have moved to other addresses the episodes
// that were made of them: a site that begins to use https is not published twice.
// A post is known again by its feed's GUID, which is to stay (RSS 2.0, "<guid>";
// RFC 4287, 4.2.6; JSON Feed 1.1, "id"), where nothing else speaks against it.
func remember(items []source.Item, known map[string]*Outcome, made map[string]*source.Made) {
	var byGUID map[guid]*Outcome // nil twice: two posts, or more, had it
	listed := make(map[string]bool, len(items))
	count := map[guid]int{}
	for i := range items {
		listed[items[i].ID] = true
		count[guidOf(items[i].GUID, items[i].Source)]++
	}
	for i := range items {
		it := &items[i]
		g := guidOf(it.GUID, it.Source)
		if it.GUID == "" || count[g] > 1 || made[it.ID] != nil || known[it.ID] != nil {
			continue
		}
		if byGUID == nil {
			byGUID = guids(known)
		}
		was := byGUID[g]
		if was == nil || listed[was.Episode] || len(was.As) != 1 || made[was.As[0]] == nil {
			continue
		}
		it.ID, it.Keeps = was.Episode, was.As[0]
	}
}

// guid is a GUID as far as it is one: a number means something in its source alone.
type guid struct{ text, source string }

func guidOf(text, source string) guid {
	if strings.Contains(text, ":") { // an address, or a URN or tag
		source = ""
	}
	return guid{text, source}
}

// guids are outcomes by GUID, nil for those that several posts had.
func guids(known map[string]*Outcome) map[guid]*Outcome {
	out := map[guid]*Outcome{}
	for _, o := range known {
		if o.GUID == "" {
			continue
		}
		g := guidOf(o.GUID, o.Source)
		if _, there := out[g]; there {
			o = nil
		}
		out[g] = o
	}
	return out
}
