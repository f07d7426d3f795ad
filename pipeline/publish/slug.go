package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug keeps a file's name, with its endings, far below the 255 bytes that
// file systems take, and a path below the 260 characters of Windows.
const maxSlug = 80

// Slug is a name for files and addresses: lower-case ASCII letters, digits and
// single hyphens, 1 to 80 of them, never a path and never a device of Windows.
// Letters are transliterated; where some have no ASCII (汉字), a hash of the
// title is added, so that different titles stay different.
func Slug(title string) string {
	var b strings.Builder
	lost := false
	// NFKD takes accents off their letters: é is e and an accent (Unicode Annex 15).
	for _, r := range strings.ToLower(norm.NFKD.String(strings.ToLower(title))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		default:
			ascii, ok := transliterate(r)
			if !ok && (unicode.IsLetter(r) || unicode.IsNumber(r)) {
				lost = true
			}
			if !ok {
				ascii = "-"
			}
			b.WriteString(ascii)
		}
	}
	slug := strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' }), "-")
	hash := ""
	if lost || slug == "" {
		sum := sha256.Sum256([]byte(title))
		hash = hex.EncodeToString(sum[:4])
	}
	switch {
	case slug == "":
		return "episode-" + hash
	case device(slug):
		slug = "episode-" + slug
	}
	if hash != "" {
		return shorten(slug, maxSlug-len(hash)-1) + "-" + hash
	}
	return shorten(slug, maxSlug)
}

// UniqueSlug is slug, or slug-2, slug-3 … : the first that is not taken.
func UniqueSlug(slug string, taken func(string) bool) string {
	name := slug
	for n := 2; taken(name); n++ {
		ending := "-" + strconv.Itoa(n)
		name = shorten(slug, maxSlug-len(ending)) + ending
	}
	return name
}

// shorten cuts after a whole word where one ends in the last half.
func shorten(slug string, most int) string {
	if len(slug) <= most {
		return slug
	}
	cut := slug[:most]
	if slug[most] != '-' {
		if i := strings.LastIndexByte(cut, '-'); i >= most/2 {
			cut = cut[:i]
		}
	}
	return strings.TrimRight(cut, "-")
}

// device says whether Windows keeps the name for a device, with any ending
// (Microsoft, "Naming Files, Paths, and Namespaces").
func device(name string) bool {
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	port, ok := strings.CutPrefix(name, "com")
	if !ok {
		port, ok = strings.CutPrefix(name, "lpt")
	}
	return ok && len(port) == 1 && port[0] >= '0' && port[0] <= '9'
}

// transliterate gives lower-case letters that NFKD leaves outside ASCII their
// usual spelling.
func transliterate(r rune) (string, bool) {
	switch {
	case r >= 'а' && r <= 'я':
		return [...]string{
			"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r",
			"s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
		}[r-'а'], true
	case r >= 'α' && r <= 'ω':
		return [...]string{
			"a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r",
			"s", "s", "t", "y", "f", "ch", "ps", "o",
		}[r-'α'], true
	}
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ħ':
		return "h", true
	case 'ı':
		return "i", true
	case 'є':
		return "ye", true
	case 'і':
		return "i", true
	case 'ґ':
		return "g", true
	case 'ђ':
		return "dj", true
	case 'ј':
		return "j", true
	case 'љ':
		return "lj", true
	case 'њ':
		return "nj", true
	case 'ћ':
		return "c", true
	case 'џ':
		return "dz", true
	}
	return "", false
}
