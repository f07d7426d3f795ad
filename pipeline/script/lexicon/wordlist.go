package lexicon

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the list
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words of English, one a line, in the order of their bytes: SCOWL 2020.12.07,
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
	words  sorted
	common sorted          // names that look foreign and are not
	seen   map[[3]byte]int // three letters in a row → words that have them
}

func newEnglish() (*wordList, error) {
	z, err := gzip.NewReader(bytes.NewReader(englishWords))
	if err != nil {
		return nil, fmt.Errorf("the list of words: %w", err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("the list of words: %w", err)
	}
	w := &wordList{words: sorted(text), common: sorted(englishNames), seen: map[[3]byte]int{}}
	for line := range strings.Lines(string(text)) {
		if word := strings.TrimSpace(line); lowerASCII(word) {
			triples(word, func(t [3]byte) { w.seen[t]++ })
		}
	}
	return w, nil
}

// has says whether the list has a word, as it is written.
func (w *wordList) has(word string) bool { return w.words.has(word) }

// sorted is lines in the order of their bytes, each with its line break.
type sorted string

func (s sorted) has(line string) bool {
	line += "\n"
	start := func(i int) int { return strings.LastIndexByte(string(s[:i]), '\n') + 1 }
	at := sort.Search(len(s), func(i int) bool {
		whole, _, _ := strings.Cut(string(s[start(i):]), "\n")
		return whole+"\n" >= line
	})
	return at < len(s) && strings.HasPrefix(string(s[start(at):]), line)
}

// foreign says whether a word has a run of three letters that English words
// hardly have; its ends count as letters.
func (w *wordList) foreign(word string) bool {
	if w.common.has(word) {
		return false
	}
	found := false
	triples(strings.ToLower(word), func(t [3]byte) { found = found || w.seen[t] < rare })
	return found
}

// rare is the number of words in the list below which three letters in a row
// are not English.
const rare = 4

func triples(word string, yield func([3]byte)) {
	if len(word) < 3 {
		return
	}
	word = "^" + word + "$"
	for i := range len(word) - 2 {
		yield([3]byte{word[i], word[i+1], word[i+2]})
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
