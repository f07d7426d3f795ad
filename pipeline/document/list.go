package document

import (
	"strconv"
)

var (
	bullet   = compiled(`^[-*+•‣◦]\s+`)
	numbered = compiled(`^(\d{1,3})[.)]\s+`)
)

// list reads lines that all belong to a list: bullets, or at least two
// numbers that count up. A line without a mark belongs to the item before it.
func (p *prose) list(lines []line) (Element, bool) {
	first := lines[0].text
	m := numbered().FindStringSubmatch(first)
	if m == nil && !bullet().MatchString(first) {
		return Element{}, false
	}
	e := Element{Kind: List, Pos: p.pos(lines[0].off)}
	if m != nil {
		e.Start, _ = strconv.Atoi(m[1])
	}
	next := e.Start
	var items [][]line
	for _, l := range lines {
		mark := ""
		if m == nil {
			mark = bullet().FindString(l.text)
		} else if n := numbered().FindStringSubmatch(l.text); n != nil {
			if v, err := strconv.Atoi(n[1]); err == nil && v == next {
				mark = n[0]
				next++
			}
		}
		if mark != "" {
			items = append(items, []line{l.from(len(mark))})
			continue
		}
		last := len(items) - 1
		items[last] = append(items[last], l)
	}
	if m != nil && (len(items) < 2 || e.Start < 1) {
		return Element{}, false
	}
	for _, item := range items {
		e.Children = append(e.Children, Element{
			Kind: Item, Pos: p.pos(item[0].off), Children: p.paragraphs(item),
		})
	}
	if m != nil {
		for _, item := range items {
			// The number is in Start; for whoever counts words it is not lost.
			p.drop(p.lines[p.line(item[0].off)], item[0].off)
		}
	}
	return e, true
}
