package formula

import (
	"unicode"
	"unicode/utf8"
)

// tokenKind tells the few shapes TeX input takes.
type tokenKind uint8

const (
	tokenEnd     tokenKind = iota
	tokenChar              // one character of mathematics
	tokenCommand           // \name or \char, without the backslash
	tokenOpen              // {
	tokenClose             // }
	tokenScript            // ^ or _
	tokenCell              // &
	tokenRow               // \\ or \cr
	tokenPrime             // '
)

// token is one piece of the input. Offset is in bytes from its start.
type token struct {
	kind   tokenKind
	text   string
	offset int
	spaced bool // white space came before it
}

// scanner cuts the input into tokens, one at a time, so that \text can ask for
// raw characters at any point.
type scanner struct {
	src string
	pos int
}

// skipSpace passes white space, comments and bytes that are no text, and tells whether there was any.
func (s *scanner) skipSpace() bool {
	from := s.pos
	for s.pos < len(s.src) {
		r, n := utf8.DecodeRuneInString(s.src[s.pos:])
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || r == '~' || r == utf8.RuneError && n == 1:
			s.pos += n
		case r == '%':
			for s.pos < len(s.src) && s.src[s.pos] != '\n' {
				s.pos++
			}
		default:
			return s.pos > from
		}
	}
	return s.pos > from
}

func (s *scanner) next() token {
	spaced := s.skipSpace()
	t := token{offset: s.pos, spaced: spaced}
	if s.pos >= len(s.src) {
		return t
	}
	r, n := utf8.DecodeRuneInString(s.src[s.pos:])
	t.text = s.src[s.pos : s.pos+n]
	s.pos += n
	switch r {
	case '{':
		t.kind = tokenOpen
	case '}':
		t.kind = tokenClose
	case '^', '_':
		t.kind = tokenScript
	case '&':
		t.kind = tokenCell
	case '\'', '’', '′':
		t.kind, t.text = tokenPrime, "′"
	case '\\':
		return s.command(t)
	default:
		t.kind = tokenChar
	}
	return t
}

// command reads what follows a backslash: a run of letters or one character.
func (s *scanner) command(t token) token {
	from := s.pos
	for s.pos < len(s.src) && isLetter(s.src[s.pos]) {
		s.pos++
	}
	if s.pos == from && s.pos < len(s.src) {
		r, n := utf8.DecodeRuneInString(s.src[s.pos:])
		s.pos += n
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError && n == 1 {
			t.kind, t.text = tokenCommand, " "
			return t
		}
	}
	t.kind, t.text = tokenCommand, s.src[from:s.pos]
	switch t.text {
	case `\`, "cr", "newline", "tabularnewline":
		t.kind = tokenRow
	}
	return t
}

func isLetter(b byte) bool { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// number takes the rest of a number whose first byte is at from: digits, one
// decimal point between digits, and groups of exactly three digits after a
// comma ("1,000", "1{,}000").
func (s *scanner) number(from int) string {
	end, point, grouped := from+1, s.src[from] == '.', true
	digits := func(p int) int {
		for p < len(s.src) && isDigit(s.src[p]) {
			p++
		}
		return p
	}
	end = digits(end)
	if end-from > 3 || s.src[from] == '0' || point {
		grouped = false
	}
	text := s.src[from:end]
	for grouped {
		mark := 0
		switch rest := s.src[end:]; {
		case len(rest) >= 3 && rest[:3] == "{,}":
			mark = 3
		case len(rest) >= 1 && rest[0] == ',':
			mark = 1
		}
		if mark == 0 || digits(end+mark) != end+mark+3 {
			break
		}
		text += "," + s.src[end+mark:end+mark+3]
		end += mark + 3
	}
	if !point && end+1 < len(s.src) && s.src[end] == '.' && isDigit(s.src[end+1]) {
		to := digits(end + 1)
		text += s.src[end:to]
		end = to
	}
	s.pos = end
	return text
}

// braced returns the raw text of the group that starts here, for \text and
// friends, and moves past it. Without a brace it takes one character.
func (s *scanner) braced() string {
	s.skipSpace()
	if s.pos >= len(s.src) {
		return ""
	}
	if s.src[s.pos] != '{' {
		_, n := utf8.DecodeRuneInString(s.src[s.pos:])
		s.pos += n
		return s.src[s.pos-n : s.pos]
	}
	from := s.pos + 1
	for depth := 0; s.pos < len(s.src); s.pos++ {
		switch s.src[s.pos] {
		case '\\':
			s.pos++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				s.pos++
				return s.src[from : s.pos-1]
			}
		}
	}
	s.pos = len(s.src)
	return s.src[from:]
}

// maxOptional bounds the search for the end of an optional argument, in bytes;
// without it a row of unclosed brackets would take quadratic time.
const maxOptional = 400

// bracketed returns the raw text of an optional argument [..], if one stands
// here on the same line.
func (s *scanner) bracketed() (string, bool) {
	save := s.pos
	s.skipSpace()
	if s.pos >= len(s.src) || s.src[s.pos] != '[' {
		s.pos = save
		return "", false
	}
	from, depth := s.pos+1, 0
	for p := from; p < min(len(s.src), from+maxOptional); p++ {
		switch s.src[p] {
		case '\\':
			p++
		case '{':
			depth++
		case '}':
			depth--
		case ']':
			if depth <= 0 {
				s.pos = p + 1
				return s.src[from:p], true
			}
		}
		if depth < 0 { // the group we are in ends before the bracket
			p = len(s.src)
		}
	}
	s.pos = save
	return "", false
}
