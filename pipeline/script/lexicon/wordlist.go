package lexicon

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the list
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words of English, one a line: SCOWL 2020.12.07,
// sizes up to 70 for words and up to 50 for names and abbreviations, of all
// spellings. english/LICENSE is theirs; scripts/wordlist makes it.
//
//go:embed english/words.txt.gz
var englishWords []byte

// Names and abbreviations that everybody can say: those of SCOWL's sizes up to
// 40.
//
//go:embed english/names.txt
var englishNames string

// wordList knows the words of a language, and how its words look.
type wordList struct {
	words  string              // in order, each ended by a line feed
	common map[string]struct{} // names that may look foreign and are not
	seen   [28][28][28]int32   // three letters in a row, by number, → words that have them
}

// englishList is unpacked when it is first asked for; nothing changes it.
// Words are found in the text as it is: a map of them would take 0.1 s and 17 MB
// of each production.
var englishList = sync.OnceValues(newEnglish)

func newEnglish() (*wordList, error) {
	z, err := gzip.NewReader(bytes.NewReader(englishWords))
	if err != nil {
		return nil, fmt.Errorf("the list of words: %w", err)
	}
	var text strings.Builder
	text.Grow(4 * len(englishWords))
	if _, err := io.Copy(&text, z); err != nil { //nolint:gosec // a list of our own
		return nil, fmt.Errorf("the list of words: %w", err)
	}
	w := &wordList{words: text.String(), common: map[string]struct{}{}}
	for line := range strings.Lines(w.words) {
		if word := strings.TrimSuffix(line, "\n"); lowerASCII(word) {
			w.triples(word, func(n *int32) { *n++ })
		}
	}
	for name := range strings.FieldsSeq(englishNames) {
		w.common[name] = struct{}{}
	}
	return w, nil
}

// has says whether the list has a word, as it is written.
func (w *wordList) has(word string) bool {
	for left := w.words; left != ""; {
		from := strings.LastIndexByte(left[:len(left)/2], '\n') + 1
		one, rest, _ := strings.Cut(left[from:], "\n")
		switch strings.Compare(word, one) {
		case 0:
			return true
		case -1:
			left = left[:from]
		default:
			left = rest
		}
	}
	return false
}

// foreign says whether a word has a run of three letters that English words
// hardly have; its ends count as letters.
func (w *wordList) foreign(word string) bool {
	if _, ok := w.common[word]; ok {
		return false
	}
	found := false
	w.triples(strings.ToLower(word), func(n *int32) { found = found || *n < rare })
	return found
}

// rare is the number of words in the list below which three letters in a row
// are not English.
const rare = 4

// triples goes through the counts of a word's letters, three in a row. The
// ends of a word are letter 0, and what is none of a to z is 27.
func (w *wordList) triples(word string, yield func(n *int32)) {
	if len(word) < 3 {
		return
	}
	var one, two byte // before the word
	for i := range len(word) + 1 {
		three := byte(0)
		if i < len(word) {
			if three = word[i] - 'a' + 1; three > 26 {
				three = 27
			}
		}
		if i > 0 {
			yield(&w.seen[one][two][three])
		}
		one, two = two, three
	}
}

func lowerASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}

// unmarked is a word without the marks of its letters.
func unmarked(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}
