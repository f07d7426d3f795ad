package lexicon

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a lexicon, far above those of a useful one.
const (
	mostBytes    = 8 << 20 // of a file
	mostEntries  = 100_000 // of a file
	mostPatterns = 500     // of a file
	mostWords    = 200     // bytes of an entry's words
	mostSay      = 1000    // bytes of a respelling
	mostIPA      = 500     // bytes
	mostPattern  = 1000    // bytes of a regular expression
)

// check says what is wrong with an entry.
func (e *Entry) check() error {
	fault := func(format string, args ...any) error {
		return &Error{e.Place, fmt.Sprintf(format, args...)}
	}
	e.Words, e.Say = strings.Join(strings.Fields(e.Words), " "), strings.Join(strings.Fields(e.Say), " ")
	e.IPA = bare(e.IPA)
	switch {
	case !utf8.ValidString(e.Words + e.Say + e.IPA):
		return fault("is not UTF-8: save the file as UTF-8 text")
	case len(tokens(e.Words)) == 0:
		return fault("an entry without a word")
	case len(e.Words) > mostWords:
		return fault("%s is longer than %d bytes: an entry is a word or some", shown(e.Words), mostWords)
	case e.Say == "" && e.IPA == "":
		return fault("%s is said as nothing: write say or ipa", shown(e.Words))
	case len(e.Say) > mostSay || len(e.IPA) > mostIPA:
		return fault("%s: what is said is too long: at most %d bytes, and %d of IPA", shown(e.Words), mostSay, mostIPA)
	case unprintable(e.Words) || unprintable(e.Say):
		return fault("%s holds characters that cannot be seen", shown(e.Words))
	case e.Case != "" && e.Case != Auto && e.Case != Exact && e.Case != AnyCase:
		return fault("case %s is none of auto, exact, any", shown(string(e.Case)))
	}
	if r, bad := notIPA(e.IPA); bad {
		return fault("%s: %q (U+%04X) is no sign of the International Phonetic Alphabet", shown(e.Words), r, r)
	}
	return scope{e.Languages, e.Voices, e.Documents}.check(e.Place)
}

func (s scope) check(at Place) error {
	for _, l := range s.languages {
		if _, err := language.Parse(l); err != nil {
			return &Error{at, fmt.Sprintf("%s is no language tag (BCP 47), such as en or en-US", shown(l))}
		}
	}
	for _, d := range s.documents {
		if _, err := path.Match(d, ""); err != nil {
			return &Error{at, fmt.Sprintf("%s is no pattern of a path, such as posts/*.md", shown(d))}
		}
	}
	return nil
}

// bare is IPA without the slashes or brackets that it is often written in, its
// marks composed with their letters.
func bare(ipa string) string {
	ipa = strings.Join(strings.Fields(ipa), " ")
	if n := len(ipa); n > 1 && (ipa[0] == '/' && ipa[n-1] == '/' || ipa[0] == '[' && ipa[n-1] == ']') {
		ipa = strings.TrimSpace(ipa[1 : n-1])
	}
	return norm.NFC.String(ipa)
}

// notIPA finds a character that has no place in a transcription: all that are
// no letter, mark or modifier, but for the marks of length, stress, groups,
// syllables and links (Handbook of the IPA, 1999, chart of 2020).
func notIPA(ipa string) (rune, bool) {
	for _, r := range ipa {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.In(r, unicode.Sk) && !strings.ContainsRune(" .'|‖‿↗↘↑↓ǃ-", r) {
			return r, true
		}
	}
	return 0, false
}

func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && !unicode.In(r, unicode.Zs) && r != '\u200d' && r != '\u200c' && r != '\u00ad'
	})
}

// shown is a text in a message.
func shown(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
