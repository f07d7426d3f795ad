// Package lexicon answers how words are said that engines say wrong: names,
// jargon, words of other languages. It reads lexicons (YAML files of our own,
// and W3C PLS 1.0), puts several into one, and finds their words in a text.
//
// # The words of an entry
//
// An entry is one word or several. White space matches any white space, a
// hyphen any hyphen or dash, an apostrophe any apostrophe; letters with marks
// are the same composed and decomposed, and otherwise only themselves. Words
// end where Unicode says that they do (UAX 29), so that no entry matches
// inside another word, and an address, a handle or a hashtag is matched whole
// or not at all. Of the entries that begin at a place, the longest wins.
//
// # Case
//
// An entry without a capital matches in any case. One with a capital matches
// as it is written and, from five letters on, all in capitals: Szilard is also
// SZILARD, but Aids is not AIDS. An entry can say case: exact or case: any.
//
// # Inflections
//
// In English an entry's possessive ('s) and its plural (-s, or -es where the
// word asks for it) follow by themselves, from three letters on, unless the
// form has an entry of its own or the entry says inflect: false.
//
// # Order
//
// Later lexicons stand above earlier ones. Of the entries for the same words,
// the first from above whose language, voice and document hold, and which the
// endpoint can say, is used. Patterns come after words: they are found only
// where no word was.
//
// A Lexicon is not changed once it is made, and safe for concurrent use.
package lexicon

import (
	"fmt"
	"slices"
)

// Rule is the rule of every edit that a lexicon makes.
const Rule = "lexicon"

// Edit is a stretch of text that is said otherwise than it is written.
type Edit struct {
	From    int    `json:"from"` // bytes in the text
	To      int    `json:"to"`
	Spoken  string `json:"spoken"`            // the respelling; the words as they are written, if a phoneme says them
	Phoneme string `json:"phoneme,omitempty"` // IPA of Spoken
	Rule    string `json:"rule"`              // Rule
	Entry   Place  `json:"-"`                 // of the entry that says so
}

// Unsaid is a stretch of text whose entry has nothing but phonemes, which the
// endpoint cannot take: it is said as it is written.
type Unsaid struct {
	From  int // bytes in the text
	To    int
	Entry Place
}

// For says for whom a text is put into words. What is empty is not known, and
// an entry that asks for it does not hold.
type For struct {
	Language string // of the text, BCP 47
	Voice    string // its name in the show
	Document string // path of the source, with slashes
	// Takes says whether the voice's endpoint can say this IPA; nil if it
	// takes none.
	Takes func(ipa string) bool
}

// Place is a place in a lexicon's file; line and column (in characters) count
// from 1.
type Place struct {
	File string
	Line int
	Col  int
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Error is a lexicon that cannot be read, with the place and the remedy.
type Error struct {
	Place  Place
	Reason string
}

func (e *Error) Error() string { return e.Place.String() + ": " + e.Reason }

// Finding is something in a lexicon that a person should know.
type Finding struct {
	Place Place
	Text  string
}

func (f Finding) String() string { return f.Place.String() + ": " + f.Text }

// Case says in which case an entry's words are found.
type Case string

// The cases; the package's documentation says what auto is.
const (
	Auto    Case = "auto"
	Exact   Case = "exact"
	AnyCase Case = "any"
)

// Entry says how one word, or several, are said.
type Entry struct {
	Words     string // as they are written
	Say       string // respelling; may be empty if there is IPA
	IPA       string // International Phonetic Alphabet, without slashes
	Case      Case   // empty is Auto
	Uninflect bool   // only this form, no possessive and no plural

	// Where it holds: one of each, and everywhere if there is none. A language
	// also holds for its variants; a document is a pattern of path.Match, for
	// the whole path or its last part.
	Languages []string
	Voices    []string
	Documents []string

	Note  string // for people
	Place Place
}

// Lexicon is a set of entries, ready to be used.
type Lexicon struct {
	entries  []Entry   // the lowest first
	patterns []pattern // the highest first
	known    []string  // said well as they are
	findings []Finding

	root     *node
	wellSaid *Lexicon // finds what is known
}

// New makes a lexicon of entries, later ones above earlier ones. Words that
// are said well as they are need no entry: known keeps them from being listed
// as unknown. Its error is an *Error.
func New(entries []Entry, known ...string) (*Lexicon, error) {
	l := &Lexicon{entries: slices.Clone(entries)}
	for i := range l.entries {
		if err := l.entries[i].check(); err != nil {
			return nil, err
		}
	}
	for _, w := range known {
		e := Entry{Words: w, Say: w}
		if err := e.check(); err != nil {
			return nil, err
		}
		l.known = append(l.known, e.Words)
	}
	l.compile()
	return l, nil
}

// Merge makes one lexicon of several, later ones above earlier ones. A nil
// lexicon is empty.
func Merge(lexicons ...*Lexicon) *Lexicon {
	out := &Lexicon{}
	for _, l := range lexicons {
		if l == nil {
			continue
		}
		out.entries = append(out.entries, l.entries...)
		out.patterns = append(slices.Clone(l.patterns), out.patterns...)
		out.known = append(out.known, l.known...)
		out.findings = append(out.findings, l.findings...)
	}
	out.compile()
	return out
}

// Len is the number of entries and patterns.
func (l *Lexicon) Len() int {
	if l == nil {
		return 0
	}
	return len(l.entries) + len(l.patterns)
}

// Entries are its entries, the lowest first: of two for the same words the later
// one stands above the other. Patterns are not among them.
func (l *Lexicon) Entries() []Entry {
	if l == nil {
		return nil
	}
	return slices.Clone(l.entries)
}

// Findings are what was ignored or left out on reading, in order.
func (l *Lexicon) Findings() []Finding {
	if l == nil {
		return nil
	}
	return slices.Clone(l.findings)
}
