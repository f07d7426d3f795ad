package lexicon

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Reason says why a word may be said wrong.
type Reason string

// The reasons.
const (
	Unlisted Reason = "not in the word list"
	Foreign  Reason = "looks foreign"
	Mixed    Reason = "mixed case or digits"
	Capitals Reason = "said as a word, or letter by letter?"
	Letters  Reason = "letters of another language"
)

// Unknown is a word that an engine may say wrong.
type Unknown struct {
	Word      string `json:"word"`
	Count     int    `json:"count"`
	Reason    Reason `json:"reason"`
	Sentences []int  `json:"sentences"` // the first that it stands in, from 0 in the order of Add; at most MostSentences
}

// MostSentences is how many sentences of an unknown word are given.
const MostSentences = 3

// Survey looks for the words of a text that engines may say wrong.
type Survey struct {
	list    *wordList
	n       int // sentences
	judged  map[string]Reason
	at      map[string]int // in unknown
	unknown []Unknown
}

// NewSurvey makes a survey of texts in English, whose words it knows.
func NewSurvey() (*Survey, error) {
	list, err := englishList()
	if err != nil {
		return nil, err
	}
	return &Survey{list: list, judged: map[string]Reason{}, at: map[string]int{}}, nil
}

// Covers says whether the words of a language are known; a sentence in another
// has no unknown words.
func (s *Survey) Covers(language string) bool { return english(language) }

// Add looks at the next sentence, which is said with a lexicon (it may be nil):
// what the lexicon says, or knows, is not unknown.
func (s *Survey) Add(sentence string, l *Lexicon, f For) {
	n := s.n
	s.n++
	if !s.Covers(f.Language) {
		return
	}
	edits, unsaid := l.Apply(sentence, f)
	var known []Edit
	if l != nil {
		known, _ = l.wellSaid.Apply(sentence, For{Language: f.Language})
	}
	fixed := merged(addresses(sentence), covered(edits), covered(known), left(unsaid))
	for _, t := range split(sentence) {
		word := base(t.plain)
		fixed = behind(fixed, t.from)
		if word == "" || len(fixed) > 0 && fixed[0].from < t.to {
			continue
		}
		why, seen := s.judged[word]
		if !seen {
			why = s.list.judge(word)
			s.judged[word] = why
		}
		if why != "" {
			s.count(word, why, n)
		}
	}
}

func (s *Survey) count(word string, why Reason, sentence int) {
	i, seen := s.at[word]
	if !seen {
		i = len(s.unknown)
		s.at[word] = i
		s.unknown = append(s.unknown, Unknown{Word: word, Reason: why})
	}
	u := &s.unknown[i]
	u.Count++
	if k := len(u.Sentences); k < MostSentences && (k == 0 || u.Sentences[k-1] != sentence) {
		u.Sentences = append(u.Sentences, sentence)
	}
}

// Unknown lists the words that an engine may say wrong, the most frequent
// first: words that are in no list of the language, names that do not look
// like it, acronyms that could be words, letters of other languages. Numbers,
// addresses and names of files are not listed.
func (s *Survey) Unknown() []Unknown {
	out := slices.Clone(s.unknown)
	slices.SortStableFunc(out, func(a, b Unknown) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

func covered(edits []Edit) []span {
	out := make([]span, len(edits))
	for i, e := range edits {
		out[i] = span{e.From, e.To}
	}
	return out
}

func left(unsaid []Unsaid) []span {
	out := make([]span, len(unsaid))
	for i, u := range unsaid {
		out[i] = span{u.From, u.To}
	}
	return out
}

// merged are spans in order, those that touch made one.
func merged(lists ...[]span) []span {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// base is a token as a word of a list: without 's, and empty if it is none.
func base(token string) string {
	if !strings.ContainsFunc(token, unicode.IsLetter) || unicode.IsDigit([]rune(token)[0]) || strings.ContainsAny(token, "._:") {
		return ""
	}
	for _, end := range []string{"'s", "'S", "'"} {
		token = strings.TrimSuffix(token, end)
	}
	if letters(token) < 2 {
		return ""
	}
	return token
}

var (
	roman  = regexp.MustCompile(`^M{0,3}(C[MD]|D?C{0,3})(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})$`)
	humps  = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
	amidst = regexp.MustCompile(`[0-9]+\pL`)
)

// judge says why a word may be said wrong, and nothing if it will not be.
func (w *wordList) judge(word string) Reason {
	lower := strings.ToLower(word)
	switch {
	case w.has(word) && !capital(word), lower != word && w.derived(lower), w.contracted(word), slices.Contains(beginnings, lower):
		return ""
	case strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }):
		if plain := unmarked(word); w.has(word) || plain != word && w.judge(plain) == "" {
			return ""
		}
		return Letters
	case strings.ContainsFunc(word, unicode.IsDigit):
		if amidst.MatchString(word) && !w.has(word) {
			return Mixed
		}
		return ""
	case strings.ToUpper(strings.TrimSuffix(word, "s")) == strings.TrimSuffix(word, "s") && word != lower:
		return w.capitals(strings.TrimSuffix(word, "s"))
	case capital(word[1:]):
		return w.mixed(word)
	case w.has(word): // a name
		if w.foreign(word) {
			return Foreign
		}
		return ""
	case w.derived(lower), word != lower && w.nameForm(word), w.compound(lower):
		return ""
	case w.foreign(lower):
		return Foreign
	}
	return Unlisted
}

// capitals judges a word in capitals. Up to three letters, and without a
// vowel, they are spelled; others could be a word.
func (w *wordList) capitals(word string) Reason {
	title := word[:1] + strings.ToLower(word[1:])
	if len(word) <= 3 || w.has(word) || w.has(title) || roman.MatchString(word) || !strings.ContainsAny(word, "AEIOUY") {
		return ""
	}
	return Capitals
}

// mixed judges a word with a capital inside: it is known if all its humps are.
func (w *wordList) mixed(word string) Reason {
	if w.has(word) {
		return ""
	}
	for _, part := range humps.FindAllString(word, -1) {
		if len(part) > 1 && part != "Mc" && part != "Mac" && w.judge(part) != "" {
			return Mixed
		}
	}
	return ""
}

// nameForm says whether a name is a plural, or an adjective of another.
func (w *wordList) nameForm(word string) bool {
	for _, end := range []string{"s", "es", "n", "an", "ian", "ism", "ist", "ists", "esque", "ish"} {
		if stem, ok := strings.CutSuffix(word, end); ok && len(stem) > 3 && (w.has(stem) || w.has(stem+"a") || w.has(stem+"e")) {
			return !w.foreign(stem)
		}
	}
	return false
}

// contracted says whether a known word has a short one behind it.
func (w *wordList) contracted(word string) bool {
	for _, end := range []string{"'ll", "'d", "'ve", "'re", "n't", "'m", "'em"} {
		if stem, ok := strings.CutSuffix(word, end); ok && stem != "" {
			return letters(stem) < 2 || w.judge(stem) == ""
		}
	}
	// A letter that was left out: thinkin', 'em, y'all.
	return w.has(word+"'") || w.has("'"+word)
}

// endings of words, with what stands for them in the word without.
var endings = [][2]string{
	{"s", ""},
	{"es", ""},
	{"es", "e"},
	{"ies", "y"},
	{"ed", ""},
	{"ed", "e"},
	{"ied", "y"},
	{"ing", ""},
	{"ing", "e"},
	{"er", ""},
	{"er", "e"},
	{"ers", ""},
	{"ers", "e"},
	{"or", ""},
	{"or", "e"},
	{"ors", ""},
	{"est", ""},
	{"ly", ""},
	{"ly", "le"},
	{"ness", ""},
	{"iness", "y"},
	{"less", ""},
	{"like", ""},
	{"able", ""},
	{"able", "e"},
	{"ability", "able"},
	{"ability", ""},
	{"ization", "ize"},
	{"isation", "ise"},
	{"ation", "ate"},
	{"ist", ""},
	{"ists", ""},
	{"ism", ""},
	{"ized", "ize"},
	{"ise", ""},
	{"ize", ""},
	{"y", ""},
	{"ish", ""},
	{"ship", ""},
	{"ful", ""},
	{"al", ""},
	{"ally", "al"},
	{"wise", ""},
	{"ic", ""},
	{"ity", ""},
	{"ity", "e"},
}

var beginnings = []string{
	"un", "re", "non", "pre", "anti", "over", "under", "super", "micro", "multi", "co", "sub", "inter", "mis", "post", "semi", "hyper",
	"self", "counter", "meta", "out", "de", "dis", "pro", "nano", "mini", "macro", "mega", "cyber", "bio", "geo", "neuro", "auto", "ultra", "trans", "pseudo", "quasi", "neo", "indo", "ex",
}

// derived says whether a word in lower case is in the list, or made of one
// that is by English's endings and beginnings.
func (w *wordList) derived(word string) bool { return w.formed(word, 3) }

func (w *wordList) formed(word string, steps int) bool {
	if w.has(word) {
		return true
	}
	const shortestStem = 3
	if steps == 0 {
		return false
	}
	for _, e := range endings {
		stem, ok := strings.CutSuffix(word, e[0])
		if !ok || len(stem) < shortestStem {
			continue
		}
		if w.formed(stem+e[1], steps-1) {
			return true
		}
		if n := len(stem); e[1] == "" && n > shortestStem && stem[n-1] == stem[n-2] && w.has(stem[:n-1]) {
			return true // doubled: vlogging
		}
	}
	for _, b := range beginnings {
		if stem, ok := strings.CutPrefix(word, b); ok && len(stem) > shortestStem && w.formed(stem, steps-1) {
			return true
		}
	}
	return false
}

// compound says whether a word is two of the list, of four letters or more.
func (w *wordList) compound(word string) bool {
	const shortest, longest = 4, 40
	if len(word) > longest {
		return false
	}
	for i := shortest; i <= len(word)-shortest; i++ {
		if w.has(word[:i]) && w.formed(word[i:], 1) {
			return true
		}
	}
	return false
}
