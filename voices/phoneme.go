package voices

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// Phoneme says how a stretch of a request's text is pronounced.
type Phoneme struct {
	From int    // bytes of the text
	To   int    // the stretch holds words, which are spoken where phonemes are not taken
	IPA  string // International Phonetic Alphabet, without slashes
}

// Phonemes says how an endpoint takes phonemes. Many engines leave a word out
// without a fault where they do not take them: where nothing is said here, none
// are sent.
type Phonemes struct {
	// Form is how they are written into {{text}}:
	//
	//	none    they are not (the default)
	//	ssml    {{text}} stands in SSML, so it is escaped for XML, and a word is
	//	        <phoneme alphabet="ipa" ph="…">word</phoneme> (W3C Speech
	//	        Synthesis Markup Language 1.1, section 3.1.10)
	//	piper   [[ … ]] in place of the word, IPA (piper1-gpl 1.7, "Inline phonemes")
	//	espeak  [[…]] in place of the word, mnemonics of eSpeak NG's English
	//	        (its docs/phonemes.md), into which the IPA is turned
	Form string `yaml:"form,omitempty" json:"form,omitempty"`

	// Models and Voices are patterns (path.Match) of those that take them; all
	// do if there are none.
	Models []string `yaml:"models,omitempty" json:"models,omitempty"`
	Voices []string `yaml:"voices,omitempty" json:"voices,omitempty"`
}

// The forms of Phonemes.
const (
	phonemesNone   = "none"
	phonemesSSML   = "ssml"
	phonemesPiper  = "piper"
	phonemesEspeak = "espeak"
)

// PhonemeForms are the forms in which phonemes can be written.
func PhonemeForms() []string {
	return []string{phonemesNone, phonemesSSML, phonemesPiper, phonemesEspeak}
}

func (p Phonemes) validate(f *faults) {
	switch p.Form {
	case "", phonemesNone, phonemesSSML, phonemesPiper, phonemesEspeak:
	default:
		f.add(true, "phonemes.form %q: must be %s", p.Form, strings.Join(PhonemeForms(), ", "))
	}
	for _, pattern := range append(append([]string(nil), p.Models...), p.Voices...) {
		_, err := path.Match(pattern, "")
		f.add(err != nil, "phonemes: %q is no pattern, such as en*", pattern)
	}
}

// taken says whether a voice of a model takes phonemes.
func (p Phonemes) taken(model, voice string) bool {
	return p.Form != "" && p.Form != phonemesNone && matches(p.Models, model) && matches(p.Voices, voice)
}

func matches(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return len(patterns) == 0
}

// sayable says whether the form can write this IPA.
func (p Phonemes) sayable(ipa string) bool {
	if strings.TrimSpace(ipa) == "" || strings.ContainsAny(ipa, "[]<>&\"\x00") || !utf8.ValidString(ipa) {
		return false
	}
	if p.Form == phonemesEspeak {
		_, ok := espeak(ipa)
		return ok
	}
	return true
}

// Phonemes says what IPA the voice's endpoint can say, as a function of it; nil
// if it takes none.
func (s *Studio) Phonemes(v Voice) func(ipa string) bool {
	e, err := s.endpoint(v)
	if err != nil {
		return nil
	}
	values := e.render.values(Request{Voice: v})
	if !e.spec.Phonemes.taken(values.model, values.voice) {
		return nil
	}
	return e.spec.Phonemes.sayable
}

// checkPhonemes says what is wrong with a request's phonemes.
func checkPhonemes(req Request) error {
	at := 0
	for _, p := range req.Phonemes {
		switch {
		case p.From < at || p.To <= p.From || p.To > len(req.Text):
			return fmt.Errorf("phonemes %d to %d: they overlap, or are out of order or of the text", p.From, p.To)
		case p.From < len(req.Text) && !utf8.RuneStart(req.Text[p.From]) || p.To < len(req.Text) && !utf8.RuneStart(req.Text[p.To]):
			return fmt.Errorf("phonemes %d to %d: they divide a character", p.From, p.To)
		}
		at = p.To
	}
	return nil
}

// text is what {{text}} stands for. A word whose phonemes cannot be taken is
// written as it is, so that it is never left out.
func (p Phonemes) text(req Request, model, voice string) string {
	ssml := p.Form == phonemesSSML
	if len(req.Phonemes) == 0 && !ssml {
		return plainText(req.Text)
	}
	if checkPhonemes(req) != nil || !p.taken(model, voice) {
		req.Phonemes = nil // the request will be refused, or has words for everything
	}
	var b strings.Builder
	at := 0
	for _, ph := range req.Phonemes {
		if !p.sayable(ph.IPA) {
			continue
		}
		b.WriteString(p.around(req.Text[at:ph.From]))
		b.WriteString(p.word(plainText(req.Text[ph.From:ph.To]), ph.IPA))
		at = ph.To
	}
	if at == 0 && !ssml {
		return plainText(req.Text)
	}
	b.WriteString(p.around(req.Text[at:]))
	return b.String()
}

func plainText(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// xmlText are the characters that XML text and attributes cannot hold as they
// are (XML 1.0, section 2.4).
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// around is the text between phonemes: what would open them there is undone.
func (p Phonemes) around(s string) string {
	s = plainText(s)
	if p.Form != phonemesSSML {
		return strings.NewReplacer("[[", "[ [", "]]", "] ]").Replace(s)
	}
	return xmlText.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return ' ' // no character of XML 1.0, section 2.2
		}
		return r
	}, s))
}

func (p Phonemes) word(word, ipa string) string {
	switch p.Form {
	case phonemesPiper:
		return "[[ " + ipa + " ]]"
	case phonemesEspeak:
		mnemonics, _ := espeak(ipa)
		return "[[" + mnemonics + "]]"
	}
	return `<phoneme alphabet="ipa" ph="` + xmlText.Replace(ipa) + `">` + p.around(word) + "</phoneme>"
}
