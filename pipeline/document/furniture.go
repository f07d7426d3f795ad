package document

import "fmt"

// Article is a document without what stands on a page beside its author's
// text: furniture, the credits of pictures, the lines that a typed text was set
// in. What was left out are findings, which are also among the article's own.
// The document stays as it is; one that has nothing of the kind is given back.
func (d *Document) Article() (article *Document, left []Finding) {
	es, left := withoutFurniture(d.Elements)
	if es == nil {
		return d, nil
	}
	copied := *d
	copied.Elements = es
	copied.Findings = append(append([]Finding(nil), d.Findings...), left...)
	sortFindings(copied.Findings)
	return &copied, left
}

// withoutFurniture is a copy of elements without furniture, or nil where they
// have none.
func withoutFurniture(es []Element) (kept []Element, left []Finding) {
	changed := false
	for i, e := range es {
		children, inside := withoutFurniture(e.Children)
		if !e.Furniture && e.Credit == "" && e.Kind != Typed && children == nil {
			if changed {
				kept = append(kept, e)
			}
			continue
		}
		if !changed {
			changed, kept = true, append(make([]Element, 0, len(es)), es[:i]...)
		}
		if e.Furniture {
			left = append(left, besides(e)...)
			continue
		}
		left = append(left, ofPage(e, e.Credit)...)
		left = append(left, inside...)
		e.Credit = ""
		if children != nil {
			e.Children = children
		}
		if e.Kind == Typed {
			kept = append(kept, e.Children...)
		} else {
			kept = append(kept, e)
		}
	}
	return kept, left
}

// besides are the findings of an element that is furniture, or of the elements
// in it that are.
func besides(e Element) []Finding {
	left := ofPage(e, allWords(e))
	for _, c := range e.Children {
		if c.Furniture {
			left = append(left, besides(c)...)
		}
	}
	return left
}

// ofPage says of words that they are of the page.
func ofPage(e Element, words string) []Finding {
	const most = 60 // characters shown
	if words == "" {
		return nil
	}
	if r := []rune(words); len(r) > most {
		words = string(r[:most]) + "…"
	}
	return []Finding{{e.Pos, fmt.Sprintf("%q is of the page, not of its article: left out", words)}}
}
