package document

import "fmt"

// Article is a document without the furniture of its page. What was left out
// are findings, which are also among the article's own. The document stays as
// it is; one that has no furniture is given back.
func (d *Document) Article() (article *Document, left []Finding) { return d.without(false) }

// Heard is the article without what is only for those who see it: what is
// visual, credits of pictures, the lines that a typed text was set in.
func (d *Document) Heard() (heard *Document, left []Finding) { return d.without(true) }

func (d *Document) without(visual bool) (*Document, []Finding) {
	es, left := withoutFurniture(d.Elements, visual)
	if es == nil {
		return d, nil
	}
	copied := *d
	copied.Elements = es
	copied.Findings = append(append([]Finding(nil), d.Findings...), left...)
	sortFindings(copied.Findings)
	return &copied, left
}

// withoutFurniture is a copy of elements without furniture and, if asked for,
// without what is visual; or nil where they have nothing of the kind.
func withoutFurniture(es []Element, visual bool) (kept []Element, left []Finding) {
	changed := false
	for i, e := range es {
		children, inside := withoutFurniture(e.Children, visual)
		out := e.Furniture || visual && e.Visual
		seen := visual && (e.Credit != "" || e.Kind == Typed)
		if !out && !seen && children == nil {
			if changed {
				kept = append(kept, e)
			}
			continue
		}
		if !changed {
			changed, kept = true, append(make([]Element, 0, len(es)), es[:i]...)
		}
		if out {
			left = append(left, besides(e)...)
			continue
		}
		if children != nil {
			e.Children = children
		}
		if visual {
			left = append(left, leftOut(e.Pos, "is the credit of a picture", e.Credit)...)
			e.Credit = ""
		}
		left = append(left, inside...)
		if seen && e.Kind == Typed {
			kept = append(kept, e.Children...)
		} else {
			kept = append(kept, e)
		}
	}
	return kept, left
}

// besides are the findings of an element that is left out, or of the elements
// in it that are furniture.
func besides(e Element) []Finding {
	why := "is of the page, not of its article"
	if e.Visual {
		why = "is for those who see the page"
	}
	left := leftOut(e.Pos, why, allWords(e))
	for _, c := range e.Children {
		if c.Furniture {
			left = append(left, besides(c)...)
		}
	}
	return left
}

// leftOut is the finding of words that are left out, if there are any.
func leftOut(at Pos, why, words string) []Finding {
	const most = 60 // characters shown
	if words == "" {
		return nil
	}
	if r := []rune(words); len(r) > most {
		words = string(r[:most]) + "…"
	}
	return []Finding{{at, fmt.Sprintf("%q %s: left out", words, why)}}
}
