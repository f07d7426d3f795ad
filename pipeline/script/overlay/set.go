package overlay

import (
	"slices"

	"github.com/narrapress/narrapress/pipeline/script"
)

// Of is the edit of a segment of the automatic script; one that changes nothing
// where there is none. What is left of an edit whose words have changed is an
// edit of the segment that they became.
func (o *Overlay) Of(auto *script.Script, ordinal int) Edit {
	if all := o.All(auto); ordinal >= 1 && ordinal <= len(all) {
		return all[ordinal-1]
	}
	return Edit{}
}

// All are the edits of all segments of the automatic script, in order, as Of
// gives them one by one: in one pass.
func (o *Overlay) All(auto *script.Script) []Edit {
	l := o.locate(auto)
	seen := make(map[string]int, len(l.like))
	out := make([]Edit, 0, len(l.on)-1)
	for n, text := range l.on {
		if n == 0 {
			continue
		}
		var e Edit
		if by := l.by[n]; by != nil {
			e = *by
		}
		e.On, e.Nth = text, 0
		if seen[text]++; seen[text] > 1 {
			e.Nth = seen[text]
		}
		out = append(out, e)
	}
	return out
}

// Set replaces the edit of a segment of the automatic script: also one whose
// words have become the segment's. An edit that changes nothing is removed. What
// it is on is filled in here.
func (o *Overlay) Set(auto *script.Script, ordinal int, e Edit) {
	if ordinal < 1 || ordinal > auto.Len() {
		return
	}
	l := o.locate(auto)
	e.On, e.Nth = l.on[ordinal], l.nth(ordinal)
	var kept []Edit
	at := -1 // where it belongs
	for i, old := range o.Edits {
		s := l.at[i]
		if s.from <= ordinal && ordinal <= s.to {
			e.pos, e.comments = old.pos, old.comments
			if at < 0 {
				at = len(kept)
			}
			continue
		}
		if at < 0 && s.from > ordinal {
			at = len(kept)
		}
		kept = append(kept, old)
	}
	if at < 0 {
		at = len(kept)
	}
	if !e.Empty() {
		kept = slices.Insert(kept, at, e)
	}
	o.Edits = kept
}

// Inherit takes over what a script does not show of the overlay that was there
// before: its words, its notes and comments.
func (o *Overlay) Inherit(old *Overlay) {
	o.Lexicon, o.name, o.comments = old.Lexicon, old.name, old.comments
	type segment struct {
		on  string
		nth int
	}
	was := make(map[segment]*Edit, len(old.Edits))
	for i := range old.Edits {
		e := &old.Edits[i]
		was[segment{fold(e.On), max(1, e.Nth)}] = e
	}
	for i := range o.Edits {
		e := &o.Edits[i]
		if before := was[segment{e.On, max(1, e.Nth)}]; before != nil {
			e.Note, e.comments = before.Note, before.comments
		}
	}
}
