package lexicon

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// xsampa gives the IPA of the signs of X-SAMPA (J. C. Wells, "Computer-coding
// the IPA: a proposed extension of SAMPA", 1995, revised 2000): pairs in the
// order of its tables.
const xsampa = `
b_< ɓ d_< ɗ d` + "`" + ` ɖ g_< ɠ G\_< ʛ J\_< ʄ
h\ ɦ j\ ʝ l` + "`" + ` ɭ l\ ɺ n` + "`" + ` ɳ p\ ɸ
r` + "`" + ` ɽ r\ ɹ r\` + "`" + ` ɻ s` + "`" + ` ʂ s\ ɕ t` + "`" + ` ʈ
x\ ɧ z` + "`" + ` ʐ z\ ʑ v\ ʋ K\ ɮ
B β B\ ʙ C ç D ð F ɱ G ɣ G\ ɢ H ɥ H\ ʜ
J ɲ J\ ɟ K ɬ L ʎ L\ ʟ M\ ɰ N ŋ N\ ɴ P ʋ
R ʁ R\ ʀ S ʃ T θ W ʍ X χ X\ ħ Z ʒ
? ʔ ?\ ʕ <\ ʢ >\ ʡ |\ ǀ ||\ ǁ |\|\ ǁ !\ ǃ =\ ǂ O\ ʘ
A ɑ E ɛ I ɪ I\ ᵻ M ɯ O ɔ Q ɒ U ʊ U\ ᵿ V ʌ Y ʏ
1 ɨ 2 ø 3 ɜ 3\ ɞ 4 ɾ 5 ɫ 6 ɐ 7 ɤ 8 ɵ 9 œ & ɶ
@ ə @\ ɘ { æ } ʉ @` + "`" + ` ɚ 3` + "`" + ` ɝ
" ˈ % ˌ : ː :\ ˑ ' ʲ ` + "`" + ` ˞ - - . . | | || ‖ -\ ‿
^ ꜛ ! ꜜ = ̩ ~ ̃
_" ̈ _+ ̟ _- ̠ _/ ̌ _0 ̥ _= ̩ _> ʼ _?\ ˤ _\ ̂
_^ ̯ _} ̚ _~ ̃ _A ̘ _a ̺ _B ̏ _c ̜ _d ̪ _e ̴
_F ̂ _G ˠ _H ́ _h ʰ _j ʲ _k ̰ _L ̀ _l ˡ _M ̄
_m ̻ _N ̼ _n ⁿ _O ̹ _o ̞ _q ̙ _R ̌ _r ̝ _T ̋
_t ̤ _v ̬ _w ʷ _X ̆ _x ̽
`

// longestXSAMPA is the length of the longest sign, in bytes.
const longestXSAMPA = 4

// signs of X-SAMPA, and their IPA.
type signs map[string]string

func newSigns() signs {
	m := signs{}
	pairs := strings.Fields(xsampa)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// ipa is a transcription in IPA. An apostrophe is palatalisation behind a
// sound, and stress where a syllable begins, as many files have it.
func (m signs) ipa(s string) (string, error) {
	var b strings.Builder
next:
	for i := 0; i < len(s); {
		if s[i] == '\'' && (i == 0 || strings.IndexByte(" .-", s[i-1]) >= 0) {
			b.WriteString("ˈ")
			i++
			continue
		}
		for n := min(longestXSAMPA, len(s)-i); n > 0; n-- {
			if ipa, ok := m[s[i:i+n]]; ok {
				b.WriteString(ipa)
				i += n
				continue next
			}
		}
		if c := s[i]; c != ' ' && (c < 'a' || c > 'z') {
			r, _ := utf8.DecodeRuneInString(s[i:])
			return "", fmt.Errorf("%s: %q is no sign of X-SAMPA", shown(s), r)
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String(), nil
}
