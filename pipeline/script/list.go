package script

import (
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// longList is how many items of a list are announced: a listener wants to know
// how far there is to go.
const longList = 6

// list renders a list: every item by itself, ended as a sentence is, with the
// number that an ordered list gives it.
func (r *renderer) list(e *document.Element, role string) {
	items := e.Children
	first := len(r.passages)
	mode := r.Options.Elements.List
	switch {
	case mode == "plain" || len(items) == 0:
	case mode == "announce" || len(items) >= longList && e.Start == 0 && r.lists == 0:
		r.announce(role, r.words.say(sayList, "count", strconv.Itoa(len(items))), e.Pos, nil, edges{EdgeItem})
	case r.lists > 0 && first > r.began:
		r.announce(role, r.words[sayNested], e.Pos, nil, edges{EdgeAnnouncement})
	}
	r.lists++
	for i := range items {
		var lead []string
		if e.Start > 0 {
			lead = append(lead, r.ordinal(e.Start+i))
		}
		switch items[i].Task {
		case "done":
			lead = append(lead, r.words[sayDone])
		case "open":
			lead = append(lead, r.words[sayTodo])
		}
		r.lead = strings.TrimSpace(r.lead + " " + strings.Join(lead, " "))
		r.began = len(r.passages)
		r.item(&items[i], role)
		r.lead = "" // of an item in which nothing is spoken
	}
	r.lists--
	r.enclose(first, EdgeList)
}

// item renders an item; its lead is spoken with its first words.
func (r *renderer) item(item *document.Element, role string) {
	for i := 0; i < len(item.Children); i++ {
		c := &item.Children[i]
		switch c.Kind {
		case document.Directive:
			i += r.directive(c, item.Children[i+1:], role)
			continue
		case document.Paragraph:
		default:
			r.element(c, role, item.Children[i+1:])
			continue
		}
		s := r.speak(c.Text, c.Pos, role)
		if text := strings.TrimRight(s.String(), " "); !strings.HasSuffix(text, ",") && !strings.HasSuffix(text, ";") {
			s.end() // a comma, as between the items of a long sentence, is kept
		}
		r.sayText(s, passage{role: role, line: s.line, pos: c.Pos, begins: edges{EdgeItem}, ends: edges{EdgeItem}})
	}
}

// cardinals are the numbers that an English list is counted with.
const cardinals = "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty"

// ordinal is the number of an item, as a sentence.
func (r *renderer) ordinal(n int) string {
	if words := strings.Fields(cardinals); r.english && n <= len(words) {
		return words[n-1] + "."
	}
	return strconv.Itoa(n) + "."
}
