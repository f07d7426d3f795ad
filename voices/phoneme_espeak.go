package voices

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The sounds of English in IPA and in the mnemonics of eSpeak NG 1.51, the
// longest first. It drops a mnemonic that it does not know without a word, so
// what is not here is not sent. A length mark is part of a sound here, or of no
// meaning; a tie says no more than the two letters.
var espeakSounds = [...][2]string{
	{"iː", "i:"},
	{"ɪə", "i@"},
	{"ɑː", "A:"},
	{"ɔː", "O:"},
	{"ɔɪ", "OI"},
	{"uː", "u:"},
	{"ʊə", "U@"},
	{"ɜː", "3:"},
	{"ɛə", "e@"},
	{"eə", "e@"},
	{"eɪ", "eI"},
	{"aɪ", "aI"},
	{"aʊ", "aU"},
	{"oʊ", "oU"},
	{"əʊ", "oU"},
	{"tʃ", "tS"},
	{"dʒ", "dZ"},
	{"i", "i"},
	{"ɪ", "I"},
	{"e", "E"},
	{"ɛ", "E"},
	{"æ", "a"},
	{"a", "a"},
	{"ɑ", "A:"},
	{"ɒ", "0"},
	{"ɔ", "O:"},
	{"o", "oU"},
	{"ʊ", "U"},
	{"u", "u:"},
	{"ʌ", "V"},
	{"ə", "@"},
	{"ɐ", "a#"},
	{"ɜ", "3:"},
	{"ɝ", "3:"},
	{"ɚ", "3"},
	{"p", "p"},
	{"b", "b"},
	{"t", "t"},
	{"d", "d"},
	{"k", "k"},
	{"ɡ", "g"},
	{"g", "g"},
	{"f", "f"},
	{"v", "v"},
	{"θ", "T"},
	{"ð", "D"},
	{"s", "s"},
	{"z", "z"},
	{"ʃ", "S"},
	{"ʒ", "Z"},
	{"h", "h"},
	{"x", "x"},
	{"m", "m"},
	{"n", "n"},
	{"ŋ", "N"},
	{"l", "l"},
	{"ɫ", "l"},
	{"r", "r"},
	{"ɹ", "r"},
	{"j", "j"},
	{"w", "w"},
	{"ʔ", "?"},
	{"ˈ", "'"},
	{"'", "'"},
	{"ˌ", ","},
	{" ", "||"},
	{".", ""},
	{"ː", ""},
	{"ˑ", ""},
	{"‿", ""},
}

// espeak turns IPA into mnemonics; it is not ok if one is missing.
func espeak(ipa string) (mnemonics string, ok bool) {
	// Ties join letters that are looked for together, and nothing else is
	// marked: composed letters have no mnemonic.
	ipa = norm.NFC.String(strings.ReplaceAll(strings.TrimSpace(ipa), "͡", ""))
	var b strings.Builder
next:
	for ipa != "" {
		for _, s := range espeakSounds {
			if rest, found := strings.CutPrefix(ipa, s[0]); found {
				b.WriteString(s[1])
				ipa = rest
				continue next
			}
		}
		return "", false
	}
	return b.String(), strings.Trim(b.String(), "',|") != ""
}
