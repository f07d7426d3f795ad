package epub

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readPackage reads the package document: metadata, manifest, spine.
func (b *Book) readPackage() error {
	root, err := b.tree(b.Package)
	if err != nil {
		return err
	}
	pkg := root.kid("package")
	if pkg == nil {
		return &Error{Entry: b.Package, Reason: "is no package document: its root is not <package>"}
	}
	b.Version = pkg.attrs["version"]
	manifest, spine := pkg.kid("manifest"), pkg.kid("spine")
	if manifest == nil || spine == nil {
		return &Error{Entry: b.Package, Reason: "has no manifest or no spine, which say what is in the book and in which order: repair it with Calibre or Sigil"}
	}
	b.manifest(manifest)
	if err := b.spine(spine); err != nil {
		return err
	}
	if meta := pkg.kid("metadata"); meta != nil {
		b.metadata(meta, pkg.attrs["unique-identifier"])
	}
	if guide := pkg.kid("guide"); guide != nil {
		for _, r := range guide.all("reference") {
			if path, fragment, ok := b.Resolve(b.Package, r.attrs["href"]); ok {
				b.Landmarks = append(b.Landmarks, Landmark{strings.ToLower(r.attrs["type"]), path, fragment})
			}
		}
	}
	return nil
}

func (b *Book) manifest(n *node) {
	items := n.all("item")
	b.Items = make([]Item, 0, len(items)) // pointers into it are kept
	for _, x := range items {
		it := Item{
			ID: x.attrs["id"], Type: strings.ToLower(x.attrs["media-type"]),
			Properties: strings.Fields(x.attrs["properties"]), Fallback: x.attrs["fallback"],
		}
		if path, _, ok := b.Resolve(b.Package, x.attrs["href"]); ok {
			it.Path = path
		}
		b.Items = append(b.Items, it)
		p := &b.Items[len(b.Items)-1]
		if p.ID != "" && b.byID[p.ID] == nil {
			b.byID[p.ID] = p
		}
		if p.Path != "" && b.byPath[p.Path] == nil {
			b.byPath[p.Path] = p
		}
		if slices.Contains(p.Properties, "nav") && b.Navigation == "" {
			b.Navigation = p.Path
		}
	}
}

func (b *Book) spine(n *node) error {
	seen := map[*Item]bool{}
	for _, ref := range n.all("itemref") {
		id := ref.attrs["idref"]
		it := b.byID[id]
		switch {
		case it == nil:
			b.find(b.Package, "the order names %q, which the book does not list: left out", id)
			continue
		case seen[it]:
			b.find(b.Package, "the order names %q twice: it is read once", id)
			continue
		case !b.Has(it.Path):
			b.find(b.Package, "the order names %s, which is not in the book: left out", cmp.Or(it.Path, id))
			continue
		}
		seen[it] = true
		b.Spine = append(b.Spine, Ref{Item: it, Linear: !strings.EqualFold(ref.attrs["linear"], "no")})
	}
	if len(b.Spine) == 0 {
		return &Error{Entry: b.Package, Reason: "has an empty spine: nothing says in which order the book is read; repair it with Calibre or Sigil"}
	}
	if toc := b.byID[n.attrs["toc"]]; toc != nil && toc.Type == "" {
		toc.Type = NCX
	}
	return nil
}

// metadata reads Dublin Core with what refines it (EPUB 3.3, 5.5; OPF 2.0.1, 2.2).
func (b *Book) metadata(n *node, unique string) {
	refined := map[string]map[string]string{} // by id, then property
	cover := ""
	for _, m := range n.all("meta") {
		if id := strings.TrimPrefix(m.attrs["refines"], "#"); id != "" {
			if refined[id] == nil {
				refined[id] = map[string]string{}
			}
			refined[id][m.attrs["property"]] = m.words()
		}
		if m.attrs["name"] == "cover" {
			cover = m.attrs["content"]
		}
	}
	of := func(x *node, property string) string {
		return cmp.Or(refined[x.attrs["id"]][property], x.attrs[property])
	}
	first := func(name string) string {
		for _, x := range n.all(name) {
			if w := x.words(); w != "" {
				return w
			}
		}
		return ""
	}
	m := &b.Meta
	m.Title = title(n.all("title"), of)
	m.Creators = creators(n.all("creator"), of)
	m.Language, m.Description, m.Publisher = first("language"), first("description"), first("publisher")
	for _, x := range n.all("identifier") {
		if m.Identifier == "" || unique != "" && x.attrs["id"] == unique {
			m.Identifier = x.words()
		}
	}
	m.Date = published(n.all("date"))
	for i := range b.Items {
		it := &b.Items[i]
		if !b.Has(it.Path) || !strings.HasPrefix(it.Type, "image/") {
			continue
		}
		if slices.Contains(it.Properties, "cover-image") {
			m.Cover = it.Path
			break
		}
		if cover != "" && (it.ID == cover || it.Path == cover) {
			m.Cover = it.Path
		}
	}
}

// title is the main title, with its subtitle where the book has one apart.
func title(all []*node, of func(*node, string) string) string {
	main, sub := "", ""
	for _, t := range all {
		switch kind := of(t, "title-type"); {
		case kind == "main":
			main = t.words()
		case kind == "subtitle" && sub == "":
			sub = t.words()
		}
	}
	for _, t := range all {
		if main == "" && (of(t, "title-type") == "" || len(all) == 1) {
			main = t.words() // EPUB 3.3, 5.5.3.1.2: the first is the main one
		}
	}
	if main != "" && sub != "" && !strings.Contains(main, sub) {
		return main + ": " + sub
	}
	return cmp.Or(main, sub)
}

// creators are the names of those who wrote the book (MARC relator aut); of
// those whose part is not said where there are none; else of all.
func creators(all []*node, of func(*node, string) string) []string {
	type name struct {
		words string
		seq   int
	}
	byRole := map[string][]name{}
	for i, c := range all {
		seq, err := strconv.Atoi(of(c, "display-seq"))
		if err != nil {
			seq = i
		}
		role := strings.ToLower(of(c, "role"))
		if role != "aut" && role != "" {
			role = "other"
		}
		if w := c.words(); w != "" {
			byRole[role] = append(byRole[role], name{w, seq})
		}
	}
	for _, role := range []string{"aut", "", "other"} {
		names := byRole[role]
		if len(names) == 0 {
			continue
		}
		slices.SortStableFunc(names, func(a, b name) int { return cmp.Compare(a.seq, b.seq) })
		var out []string
		for _, n := range names {
			if !slices.Contains(out, n.words) {
				out = append(out, n.words)
			}
		}
		return out
	}
	return nil
}

// published is the date of publication; converters write the year 101 for a
// date that they do not know.
func published(all []*node) time.Time {
	var found time.Time
	for _, x := range all {
		event := x.attrs["event"]
		if event != "" && event != "publication" && event != "original-publication" {
			continue
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"} {
			t, err := time.Parse(layout, x.words())
			if err == nil && t.Year() > 1000 && (found.IsZero() || event == "publication") {
				found = t
			}
		}
	}
	return found
}

// String is a finding with its place.
func (f Finding) String() string { return fmt.Sprintf("%s: %s", f.Entry, f.Text) }
