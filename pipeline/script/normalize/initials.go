package normalize

import "strings"

// mostInitials is how many capitals are read letter by letter; longer words in
// capitals are shouted.
const mostInitials = 5

// spelledOut are acronyms that look like words and are said letter by letter.
// What cannot be a word ("FBI", "GDP") engines spell themselves. Those that end
// in A are not here: eSpeak NG reads a last "-A" as the article.
const spelledOut = `US EU UN AI AGI IT CEO COO CIO URL API UFO IPO AOL MIT USC IRS ISP IQ ID ER LED DIY FYI LOL SOS ICU MRI UV EV ROI EMT
	IMF AP SUV EEG EEC AWS IDE OS UI UX UPS DUI ET EST UTI IUD ALS UAE FAQ ACLU EPO RIP OED UAV UPI DOJ IVR SEO IED IRL ISO USPS
	OEM EOD VIP HIV`

// The sounds that English words begin and end with, by letters. Runs of
// consonants that are not here cannot be a word's.
const (
	onsets = `b bl br c ch cl cr d dr dw f fl fr g gl gr h j k kl kn kr l m n p ph pl pr qu r rh s sc sch scr sh sk sl sm sn sp spl spr squ
		st str sw t th thr tr tw v w wh wr y z`
	codas = `b c ch ck ct d f ff ft g h k l lb ld lf lk ll lm lp lt m mb mp n nch nd ng nk nt p pt r rb rc rch rd rf rg rk rl rm rn rp rs
		rt s sh sk sp ss st t tch th w x y z zz ps ts ks ns ds ls ms bs gs lls cks nts nds rts sts rds tt nn gh ght dge rth nth`
)

// acronym spells what engines take for words, and the plurals of initials,
// whose "s" engines take for a letter: "CEO", "GPUs". Measured with flite 2.2
// and eSpeak NG 1.51: both read "C-E-O" and "G-P-U's" right.
func (e *english) acronym(p Passage, i int) (Reading, bool) {
	s := p.Text
	if !upper(s[i]) || !open(s, i) || at(s, i-1) == '.' || at(s, i-1) == '\'' || at(s, i-1) == '-' && digit(at(s, i-2)) {
		return Reading{}, false
	}
	j := i
	for j < len(s) && j-i <= mostInitials && upper(s[j]) {
		j++
	}
	if j-i < 2 || j-i > mostInitials {
		return Reading{}, false
	}
	word := s[i:j]
	many := at(s, j) == 's' && closed(s, j+1)
	switch {
	case !many && !closed(s, j), at(s, j) == '.' && alpha(at(s, j+1)), at(s, j) == '&', at(s, i-1) == '&':
		return Reading{}, false
	case e.initials[word]:
	case many && !pronounceable(word) && (romanValue(word) == 0 || word == "CD" || word == "MC" || word == "DC"):
	case word == "WHO" && strings.EqualFold(before(s, i), "the"):
	default:
		return Reading{}, false
	}
	if !many && e.shouting(s, i, j) {
		return Reading{}, false
	}
	letters := strings.Join(strings.Split(word, ""), "-")
	if many {
		return Reading{j + 1, letters + "'s", "acronym"}, true
	}
	return Reading{j, letters, "acronym"}, true
}

// spellOut gives the form in which engines spell initials, for words that a
// reading says: "EST".
func (e *english) spellOut(word string) string {
	if e.initials[word] {
		return strings.Join(strings.Split(word, ""), "-")
	}
	return word
}

// pronounceable says whether capitals could be a word: a vowel is among them,
// and the consonants before and behind the vowels are those of words.
func pronounceable(word string) bool {
	word = strings.ToLower(word)
	first := strings.IndexAny(word, "aeiou")
	if first < 0 {
		return false
	}
	last := strings.LastIndexAny(word, "aeiou")
	onset, coda := word[:first], word[last+1:]
	return (onset == "" || contains(onsets, onset)) && (coda == "" || contains(codas, coda))
}

// contains says whether a word stands in a list divided by white space.
func contains(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

// shouting says whether the capitals at a place are emphasis: no small letter
// stands on the line around them but other capitals do, or a word in capitals
// that is no acronym stands beside them.
func (e *english) shouting(s string, from, to int) bool {
	for _, word := range []string{before(s, from), next(s, to)} {
		if len(word) > 3 && strings.ToUpper(word) == word && !e.initials[word] && pronounceable(word) {
			return true
		}
	}
	others := false
	for i := from - 1; i >= max(0, from-2*reach) && s[i] != '\n'; i-- {
		if lower(s[i]) {
			return false
		}
		others = others || upper(s[i])
	}
	for i := to; i < min(len(s), to+2*reach) && s[i] != '\n'; i++ {
		if lower(s[i]) {
			return false
		}
		others = others || upper(s[i])
	}
	return others
}

// next is the word behind a place.
func next(s string, i int) string {
	word, _, _ := after(s, i)
	return word
}
