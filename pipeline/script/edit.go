package script

import (
	"cmp"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// Edit is a stretch of what the author wrote that is said otherwise: From and
// To are bytes of Segment.Written, Rule says who asked for it. Of the rules,
// those below are the script's own; the others are the lexicon's and the
// normaliser's.
type Edit = normalize.Edit

// Rules of the script's own edits.
const (
	RuleAnnouncement = "announcement" // words of the script's table
	RuleCode         = "code"         // code in running text, as words
	RuleEdited       = "edited"       // a person changed the plan
	RuleEmoji        = "emoji"        // named, or left out
	RuleLink         = "link"         // an address, by its host
	RuleMath         = "math"         // mathematics, as words
	RuleOverlay      = "overlay"      // a person changed how the document is spoken: what was written stands
	RuleSay          = "say"          // the words of a directive
	RuleSpace        = "space"        // white space that the page does not show
	RuleSpeaker      = "speaker"      // a name that a voice stands for
	RuleStop         = "stop"         // the end of a sentence that has none
)

// valid says whether edits can be applied to a text: in its bounds, in order,
// without overlap.
func valid(text string, edits []Edit) bool {
	at := 0
	for _, e := range edits {
		if e.From < at || e.To < e.From || e.To > len(text) {
			return false
		}
		at = e.To
	}
	return true
}

// forward gives offsets after edits for offsets before them, which grow from
// call to call. An offset inside an edit is the edit's end.
func forward(edits []Edit) func(off int) int {
	i, shift := 0, 0
	return func(off int) int {
		for ; i < len(edits) && edits[i].To <= off; i++ {
			shift += len(edits[i].Spoken) - (edits[i].To - edits[i].From)
		}
		if i < len(edits) && edits[i].From < off {
			return edits[i].From + shift + len(edits[i].Spoken)
		}
		return off + shift
	}
}

// origin gives offsets before edits for offsets after them, which grow from
// call to call. An offset inside what an edit says is the edit's beginning.
func origin(edits []Edit) func(off int) int {
	i, shift := 0, 0 // shift is the offset before less that after
	return func(off int) int {
		for ; i < len(edits); i++ {
			from := edits[i].From - shift
			to := from + len(edits[i].Spoken)
			if off < to {
				if off > from {
					return edits[i].From
				}
				break
			}
			shift = edits[i].To - to
		}
		return off + shift
	}
}

// compose gives the edits of a text that was edited twice: first from what was
// written to mid, then from mid to what is said. Edits that meet become one.
func compose(mid string, first, second []Edit) []Edit {
	if len(first) == 0 {
		return second
	}
	out := make([]Edit, 0, len(first)+len(second))
	shift := 0 // written less mid, behind the first edits so far
	i, j := 0, 0
	bounds := func(i int) (from, to int) { // of a first edit, in mid
		from = first[i].From - shift
		return from, from + len(first[i].Spoken)
	}
	for i < len(first) || j < len(second) {
		if j == len(second) {
			out = append(out, first[i:]...)
			break
		}
		s := second[j]
		if i == len(first) {
			out = append(out, Edit{From: s.From + shift, To: s.To + shift, Spoken: s.Spoken, Rule: s.Rule})
			j++
			continue
		}
		from, to := bounds(i)
		switch {
		case to <= s.From:
			out = append(out, first[i])
			shift = first[i].To - to
			i++
			continue
		case s.To <= from:
			out = append(out, Edit{From: s.From + shift, To: s.To + shift, Spoken: s.Spoken, Rule: s.Rule})
			j++
			continue
		}
		// They meet: grow the stretch of mid until nothing else reaches into it.
		a, b := min(from, s.From), max(to, s.To)
		e := Edit{From: a + shift}
		if from <= s.From {
			e.From = first[i].From
		}
		var rules []string
		var said strings.Builder
		at := a
		for {
			if i < len(first) {
				if from, to := bounds(i); from < b {
					b = max(b, to)
					shift = first[i].To - to
					rules = append(rules, first[i].Rule)
					i++
					continue
				}
			}
			if j < len(second) && second[j].From < b {
				b = max(b, second[j].To)
				said.WriteString(mid[at:second[j].From])
				said.WriteString(second[j].Spoken)
				at = second[j].To
				rules = append(rules, second[j].Rule)
				j++
				continue
			}
			break
		}
		said.WriteString(mid[at:b])
		e.To, e.Spoken, e.Rule = b+shift, said.String(), together(rules)
		out = append(out, e)
	}
	return out
}

// together names the rules that met in an edit.
func together(rules []string) string {
	var all []string
	for _, r := range rules {
		for part := range strings.SplitSeq(r, "+") {
			if !slices.Contains(all, part) && part != RuleSpace {
				all = append(all, part)
			}
		}
	}
	return cmp.Or(strings.Join(all, "+"), RuleSpace)
}
