package script

import "strings"

// Words counts the words that a script has and the one before it has not, and
// the other way round. Words of segments that are in both are not looked at;
// the others are compared in their order, as Diff compares segments.
func Words(before, after *Script) (added, removed int) {
	var was, is []Segment
	flush := func() {
		for _, c := range Diff(&Script{Chapters: []Chapter{{Segments: was}}}, &Script{Chapters: []Chapter{{Segments: is}}}) {
			switch c.Change {
			case Added:
				added++
			case Removed:
				removed++
			case Kept:
			}
		}
		was, is = was[:0], is[:0]
	}
	words := func(to []Segment, text string) []Segment {
		for w := range strings.FieldsSeq(text) {
			to = append(to, Segment{Text: w})
		}
		return to
	}
	for _, c := range Diff(before, after) {
		switch c.Change {
		case Removed:
			was = words(was, c.Segment.Text)
		case Added:
			is = words(is, c.Segment.Text)
		case Kept:
			flush()
		}
	}
	flush()
	return added, removed
}
