package voices

import "context"

// Verdict says what the check has against an answer, alone and among others
// of its voice; "" is a sound take.
func Verdict(ctx context.Context, text string, body []byte, label string, others []Heard) string {
	spec := Endpoint{}
	defaults(&spec)
	got, err := unwrap(body, label, spec.Response)
	if err != nil {
		return err.Error()
	}
	s, err := listen(ctx, got.audio)
	if err == nil {
		err = believable(Request{Text: text}, s, spec.Check)
	}
	if err != nil {
		return err.Error()
	}
	return mannerOf(others).against(paceOf(text, s), spec.Check)
}

// Heard is what a take tells of its voice.
type Heard = pace

// Hear listens to a take.
func Hear(ctx context.Context, text string, take []byte) (Heard, error) {
	s, err := listen(ctx, take)
	return paceOf(text, s), err
}

// Compare says how many words of a text were heard otherwise, and the most in
// one stretch; and what speaks against it with a listener's defaults.
func Compare(sent, heard, language string, spell Speller, written []Spelling) (wrong, row float64, why string) {
	l := compare(wordingOf(sent, language, spell, written), wordingOf(heard, language, spell, nil))
	return l.wrong, l.row, DefaultListen().against(l)
}

// Insists says how many times over a text itself ends in the same words.
func Insists(text string) int { return insists(text) }
