package feed

import (
	"fmt"
	"regexp"
	"slices"
)

// page is a file of the feed with its items, the newest first.
type page struct {
	name    string
	items   []entry
	archive bool
}

// paginate puts items, the newest first, into pages: feed.xml, then the
// archives from the newest. Archives are full and counted from the oldest item, so
// that a new episode changes feed.xml alone; one more archive is made when
// feed.xml would have twice as many items as one.
func paginate(items []entry, perPage int) []page {
	if perPage <= 0 || len(items) < 2*perPage {
		return []page{{name: Name, items: items}}
	}
	archives := len(items)/perPage - 1
	newest := len(items) - archives*perPage
	out := []page{{name: Name, items: items[:newest]}}
	for k := archives; k >= 1; k-- {
		from := newest + (archives-k)*perPage
		out = append(out, page{name: archiveName(k), items: items[from : from+perPage], archive: true})
	}
	return out
}

// archiveName is the file of an archive page, 1 being the oldest.
func archiveName(k int) string { return fmt.Sprintf("feed-%d.xml", k) }

// links lead from a page to the others: "next" to older items, as RFC 5005 has
// it in section 3, and the archive relations of section 4.
func (f *feed) links(pages []page, i int) []atomLink {
	at := func(rel string, k int) atomLink {
		return atomLink{Rel: rel, Href: f.address(pages[k].name), Type: "application/rss+xml"}
	}
	out := []atomLink{at("self", i)}
	if len(pages) == 1 {
		return out
	}
	if i > 0 {
		out = append(out, at("current", 0))
	}
	if i+1 < len(pages) {
		out = append(out, at("next", i+1), at("prev-archive", i+1))
	}
	if i > 0 {
		out = append(out, at("previous", i-1))
	}
	if i > 1 {
		out = append(out, at("next-archive", i-1))
	}
	return out
}

var ours = regexp.MustCompile(`^(feed|feed-[1-9][0-9]{0,6})\.xml$|^cover-[0-9a-f]{8}\.(jpg|png)$`)

// Ours says whether a file of the output folder has a name that only this
// package gives: the feed, its archive pages, the show's cover.
func Ours(name string) bool { return ours.MatchString(name) }

// newestFirst is the order of items: by date, those without one last; those of
// one date by their IDs.
func newestFirst(items []entry) {
	slices.SortFunc(items, func(a, b entry) int {
		if c := b.date.Compare(a.date); c != 0 {
			return c
		}
		switch {
		case a.ep.ID < b.ep.ID:
			return -1
		case a.ep.ID > b.ep.ID:
			return 1
		}
		return 0
	})
}
