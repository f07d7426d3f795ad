package epub

import "strings"

// contents reads the table of contents and the landmarks: of the navigation
// document, else of the NCX. A fault in them is a finding: the book can be
// read without.
func (b *Book) contents() {
	if b.Navigation != "" && b.Has(b.Navigation) {
		b.navigation()
	}
	if len(b.Contents) > 0 {
		return
	}
	for i := range b.Items {
		if it := &b.Items[i]; it.Type == NCX && b.Has(it.Path) {
			b.ncx(it.Path)
			return
		}
	}
}

// navigation reads the navigation document (EPUB 3.3, 7).
func (b *Book) navigation() {
	root, err := b.tree(b.Navigation)
	if err != nil {
		b.find(b.Navigation, "the table of contents is damaged (%v)", err)
	}
	var marks []Landmark
	for _, nav := range root.all("nav") {
		list := nav.kid("ol", "ul")
		if lists := nav.all("ol"); list == nil && len(lists) > 0 {
			list = lists[0]
		}
		if list == nil {
			continue
		}
		switch kind := nav.attrs["type"] + " " + nav.attrs["role"]; {
		case has(kind, "toc") || has(kind, "doc-toc"):
			if len(b.Contents) == 0 {
				b.list(list, 1)
			}
		case has(kind, "landmarks"):
			for _, a := range list.all("a") {
				if path, fragment, ok := b.Resolve(b.Navigation, a.attrs["href"]); ok {
					for t := range strings.FieldsSeq(strings.ToLower(a.attrs["type"])) {
						marks = append(marks, Landmark{t, path, fragment})
					}
				}
			}
		}
	}
	if marks != nil {
		b.Landmarks = marks // EPUB 3.3, 5.9.1: they go before the guide
	}
}

func (b *Book) list(ol *node, depth int) {
	for _, li := range ol.kids {
		if li.name != "li" || depth > mostDepth || len(b.Contents) >= mostPoints {
			continue
		}
		if label := li.kid("a", "span", "p"); label != nil {
			if label.name == "p" && label.kid("a") != nil {
				label = label.kid("a")
			}
			b.point(label.words(), b.Navigation, label.attrs["href"], depth)
		}
		if sub := li.kid("ol", "ul"); sub != nil {
			b.list(sub, depth+1)
		}
	}
}

func (b *Book) point(label, from, ref string, depth int) {
	p := Point{Label: label, Depth: depth}
	if ref != "" {
		if path, fragment, ok := b.Resolve(from, ref); ok {
			p.Path, p.Fragment = path, fragment
		}
	}
	if p.Label != "" || p.Path != "" {
		b.Contents = append(b.Contents, p)
	}
}

// ncx reads EPUB 2's table of contents.
func (b *Book) ncx(path string) {
	root, err := b.tree(path)
	if err != nil {
		b.find(path, "the table of contents is damaged (%v)", err)
	}
	for _, m := range root.all("navmap") {
		b.points(m, path, 1)
	}
}

func (b *Book) points(n *node, from string, depth int) {
	for _, p := range n.kids {
		if p.name != "navpoint" || depth > mostDepth || len(b.Contents) >= mostPoints {
			continue
		}
		label, ref := "", ""
		if l := p.kid("navlabel"); l != nil {
			label = l.words()
		}
		if c := p.kid("content"); c != nil {
			ref = c.attrs["src"]
		}
		b.point(label, from, ref, depth)
		b.points(p, from, depth+1)
	}
}
