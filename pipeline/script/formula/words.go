package formula

import (
	"strings"
)

// text reads the argument of \text: words, with mathematics between dollars.
func (p *parser) text() *node {
	p.rewind()
	raw := p.braced()
	parts := strings.Split(raw, "$")
	list := branch(kindList)
	for i, part := range parts {
		if i%2 == 1 && i < len(parts)-1 {
			list.add(p.inner(part))
			continue
		}
		if text := plainText(part); text != "" {
			list.add(&node{kind: kindText, text: text})
		}
	}
	switch len(list.kids) {
	case 0:
		return empty()
	case 1:
		return list.kids[0]
	}
	return list
}

// plainText drops the markup from text: braces, font commands, escapes.
func plainText(raw string) string {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '{', '}':
		case '~':
			b.WriteByte(' ')
		case '\\':
			j := i + 1
			for j < len(raw) && isLetter(raw[j]) {
				j++
			}
			name := raw[i+1 : j]
			switch {
			case name == "" && j < len(raw):
				b.WriteByte(raw[j])
				j++
			case strings.HasPrefix(name, "text") || name == "emph" || fonts[name] != fontNone:
				b.WriteByte(' ')
			default:
				b.WriteString(" " + name + " ")
			}
			i = j - 1
		default:
			b.WriteByte(c)
		}
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), " ")), " ")
}

// operatorName reads \operatorname{name}, with or without a star.
func (p *parser) operatorName() *node {
	p.rewind()
	star := p.pos < len(p.src) && p.src[p.pos] == '*'
	if star {
		p.pos++
	}
	n := p.fontArgument(fontNormal)
	if n.is(kindRow) {
		// "arg max", "arg\,max": one name in several words.
		var words []string
		for _, kid := range n.kids {
			if !kid.is(kindIdent) && !kid.is(kindText) {
				return n
			}
			words = append(words, kid.text)
		}
		n = word(strings.Join(words, " "))
	}
	if n.is(kindText) {
		n = word(n.text)
	}
	if n.is(kindIdent) && n.class == classOperand && star {
		n.class = classLimit
	}
	return n
}

// word makes the node of a name: a known function or an identifier.
func word(text string) *node {
	n := &node{kind: kindIdent, text: text}
	if f, ok := functions[text]; ok {
		n.class = f.class
	}
	return n
}
