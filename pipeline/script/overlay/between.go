package overlay

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/narrapress/narrapress/pipeline/script"
)

// BetweenError is a difference between two scripts that no edit of a segment
// says.
type BetweenError struct {
	Ordinal int // of the segment in the edited script; 0 where it is of the whole
	Reason  string
}

func (e *BetweenError) Error() string {
	if e.Ordinal == 0 {
		return e.Reason
	}
	return fmt.Sprintf("segment %d: %s", e.Ordinal, e.Reason)
}

// Between gives the edits by which an automatic script becomes an edited one:
// Apply to auto says what edited says, with its chapters and pauses. What edits
// cannot express is a *BetweenError.
func Between(auto, edited *script.Script) (*Overlay, error) {
	return edits(auto, edited, nil)
}

// BetweenPaced is Between where the pauses of the edited script follow a table:
// those that it gives after an edit, too, need not be written down.
func BetweenPaced(auto, edited *script.Script, pauses script.Pauses) (*Overlay, error) {
	return edits(auto, edited, &pauses)
}

func edits(auto, edited *script.Script, table *script.Pauses) (*Overlay, error) {
	if err := sameHead(auto, edited); err != nil {
		return nil, err
	}
	b := &between{auto: flat(auto), edited: flat(edited), edits: make([]Edit, auto.Len()+1)}
	b.pairs = pair(b.auto, b.edited)
	if err := b.segments(); err != nil {
		return nil, err
	}
	if err := b.chapters(auto, edited); err != nil {
		return nil, err
	}
	o := b.overlay(auto)
	b.pauses(o.paced(auto, table), table != nil)
	o = b.overlay(auto)
	return o, same(o.paced(auto, table).Script, edited)
}

// paced is what the overlay makes of a script, with the pauses of a table.
func (o *Overlay) paced(auto *script.Script, table *script.Pauses) *Applied {
	applied, _ := o.Apply(auto)
	if table != nil {
		applied.Script.Pace(*table)
	}
	return applied
}

// sameHead refuses what stands above the chapters of a script.
func sameHead(auto, edited *script.Script) error {
	for _, f := range []struct {
		name    string
		was, is any
	}{
		{"title", auto.Title, edited.Title},
		{"author", auto.Author, edited.Author},
		{"language", auto.Language, edited.Language},
		{"link", auto.Link, edited.Link},
		{"description", auto.Summary, edited.Summary},
		{"cover", auto.Cover, edited.Cover},
		{"id", auto.ID, edited.ID},
		{"slug", auto.Slug, edited.Slug},
		{"source", auto.Source, edited.Source},
	} {
		if f.was != f.is {
			return &BetweenError{Reason: fmt.Sprintf("its %s is %q, and the document's %q: a %s is changed in the document, as its front matter", f.name, f.is, f.was, f.name)}
		}
	}
	if !auto.Date.Equal(edited.Date) || !reflect.DeepEqual(listing(auto), listing(edited)) {
		return &BetweenError{Reason: "its date, season, number, type, keywords or persons are not the document's: they are changed there, in its front matter"}
	}
	return nil
}

// listing is a script's, in which nothing is as an empty list.
func listing(s *script.Script) any {
	l := s.Listing
	if len(l.Keywords) == 0 {
		l.Keywords = nil
	}
	if len(l.Persons) == 0 {
		l.Persons = nil
	}
	return l
}

// placed is a segment with its chapter.
type placed struct {
	*script.Segment
	chapter int
}

// flat are a script's segments, by ordinal.
func flat(s *script.Script) []placed {
	out := make([]placed, 1, s.Len()+1)
	for p, seg := range s.Segments() {
		out = append(out, placed{seg, p.Chapter})
	}
	return out
}

// between finds edits.
type between struct {
	auto, edited []placed // by ordinal
	pairs        []int    // by ordinal of edited: of auto, or 0
	edits        []Edit   // by ordinal of auto
}

// overlay is of the edits that change something.
func (b *between) overlay(auto *script.Script) *Overlay {
	a := anchorsOf(auto)
	seen := make(map[string]int, len(a.like))
	o := &Overlay{}
	for n := 1; n < len(b.edits); n++ {
		seen[a.on[n]]++
		if b.edits[n].Empty() {
			continue
		}
		e := b.edits[n]
		if e.On = a.on[n]; seen[e.On] > 1 {
			e.Nth = seen[e.On]
		}
		o.Edits = append(o.Edits, e)
	}
	return o
}

// segments finds what was said otherwise, put in and left out.
func (b *between) segments() error {
	kept := make([]bool, len(b.auto))
	last, chapter := 0, -1 // the segment of auto that was last seen in this chapter of the edited script
	var waiting []Line     // for the first one
	for n := 1; n < len(b.edited); n++ {
		is := b.edited[n]
		if is.chapter != chapter {
			if len(waiting) > 0 {
				return &BetweenError{n, "the chapter before it has nothing of the document in it: edits stand on what the author wrote"}
			}
			chapter, last = is.chapter, 0
		}
		m := b.pairs[n]
		if m == 0 {
			pause := is.Pause
			put := &waiting
			if last > 0 {
				put = &b.edits[last].After
			}
			*put = append(*put, Line{Say: is.Text, Role: is.Role, Voice: is.Voice, Pause: &pause, Take: is.Take})
			continue
		}
		was, e := b.auto[m], &b.edits[m]
		kept[m] = true
		e.Before = append(e.Before, waiting...)
		waiting = nil
		if is.Text != was.Text {
			e.Say = is.Text
		}
		if is.Role != was.Role {
			e.Role = is.Role
		}
		if is.Voice != was.Voice {
			if e.Voice = is.Voice; e.Voice == "" {
				return &BetweenError{n, fmt.Sprintf("the document gives it the voice %s, and the plan none: name a voice", was.Voice)}
			}
		}
		if is.Take != was.Take {
			e.Take = is.Take
		}
		last = m
	}
	if len(waiting) > 0 {
		return &BetweenError{len(b.edited) - 1, "the last chapter has nothing of the document in it: edits stand on what the author wrote"}
	}
	for m := 1; m < len(kept); m++ {
		b.edits[m].Skip = !kept[m]
	}
	return nil
}

// chapters finds where they begin otherwise.
func (b *between) chapters(auto, edited *script.Script) error {
	first := make([]int, len(auto.Chapters)) // ordinal of each chapter's first segment; 0 where it has none
	still := make([]int, len(auto.Chapters)) // and of the first that is still spoken
	for m := len(b.auto) - 1; m >= 1; m-- {
		c := b.auto[m].chapter
		if first[c] = m; !b.edits[m].Skip {
			still[c] = m
		}
	}
	begins := map[int]int{} // segment of auto that is the first of an edited chapter → that chapter
	seen := map[int]bool{}
	for n := 1; n < len(b.edited); n++ {
		if c := b.edited[n].chapter; b.pairs[n] > 0 && !seen[c] {
			seen[c], begins[b.pairs[n]] = true, c
		}
	}
	for c := range auto.Chapters {
		m := still[c]
		if m == 0 {
			continue
		}
		at, ok := begins[m]
		switch {
		case !ok:
			b.edits[first[c]].Join = true
		case edited.Chapters[at].Title != auto.Chapters[c].Title:
			b.edits[first[c]].Chapter = edited.Chapters[at].Title
		}
		delete(begins, m)
	}
	for m, c := range begins {
		if b.edits[m].Chapter = edited.Chapters[c].Title; b.edits[m].Chapter == "" {
			return &BetweenError{Reason: fmt.Sprintf("chapter %d has no title: give it one", c+1)}
		}
	}
	return nil
}

// pauses finds what is followed by another silence than the edits so far give.
// Where they change what meets and the table is not known, the plan's is written
// down.
func (b *between) pauses(applied *Applied, known bool) {
	n := 0
	for _, s := range applied.Script.Segments() {
		n++
		if n >= len(b.edited) {
			return // same tells
		}
		m, is := applied.Origin[n-1], b.edited[n].Pause
		if m == 0 || m != b.pairs[n] {
			continue
		}
		asBefore := slices.Equal(s.Between.Ends, b.auto[m].Between.Ends) && slices.Equal(s.Between.Begins, b.auto[m].Between.Begins)
		if s.Pause != is || !known && !asBefore && n < len(b.edited)-1 {
			b.edits[m].Pause = &is
		}
	}
}

// same tells where a script does not say what another does.
func same(is, want *script.Script) error {
	a, b := flat(is), flat(want)
	for n := 1; n < min(len(a), len(b)); n++ {
		x, y := a[n], b[n]
		switch {
		case x.Text != y.Text || x.Role != y.Role || x.Voice != y.Voice || x.Take != y.Take || x.Pause != y.Pause:
			return &BetweenError{n, fmt.Sprintf("no edit makes it say %s as %s", quoted(y.Text), y.Part())}
		case !slices.Equal(x.Phonemes, y.Phonemes):
			return &BetweenError{n, "its phonemes were changed: how a word is pronounced is said in a lexicon, or under lexicon: in the edits"}
		}
	}
	if len(a) != len(b) {
		return &BetweenError{Reason: fmt.Sprintf("no edits make %d segments of %d", len(b)-1, len(a)-1)}
	}
	for c := range max(len(is.Chapters), len(want.Chapters)) {
		if c >= min(len(is.Chapters), len(want.Chapters)) {
			return &BetweenError{Reason: fmt.Sprintf("no edits make its %d chapters", len(want.Chapters))}
		}
		x, y := is.Chapters[c], want.Chapters[c]
		switch {
		case x.Title != y.Title || len(x.Segments) != len(y.Segments):
			return &BetweenError{Reason: fmt.Sprintf("no edits make chapter %d %s", c+1, quoted(y.Title))}
		case x.Kind != y.Kind || x.Hidden != y.Hidden || x.Link != y.Link || x.Image != y.Image:
			return &BetweenError{Reason: fmt.Sprintf("chapter %d, %s, is of another kind, is hidden, or has another link or image: edits have none of these", c+1, quoted(y.Title))}
		}
	}
	return nil
}
