package voices_test

import (
	"math"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/growth"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// What is heard is what was sent, however it is written.
func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent, heard string
		language    string
		written     []voices.Spelling
		row         float64 // most words in a stretch that are wrong, rounded to a half
		passes      bool
	}{
		"alike":                         {sent: "The ferry leaves at noon.", heard: "the ferry leaves at noon", passes: true},
		"marks, case, accents":          {sent: "Don’t — she said: “No naïve café!”", heard: "Dont she said no naive cafe", passes: true},
		"a year in words":               {sent: "In twenty twenty-six it rained.", heard: "In 2026 it rained.", passes: true},
		"a year in digits":              {sent: "In 2026 it rained.", heard: "In twenty twenty six, it rained.", passes: true},
		"a year as the author wrote it": {sent: "In two thousand twenty-six it rained.", heard: "In 2026 it rained.", written: []voices.Spelling{{From: 3, To: 26, Written: "2026"}}, passes: true},
		"money":                         {sent: "It cost five million dollars.", heard: "It cost $5 million.", passes: true},
		"money in signs":                {sent: "It cost $5 million.", heard: "It cost five million dollars.", passes: true},
		"a thousand with a comma":       {sent: "All 1,500 of them came.", heard: "All 1500 of them came.", passes: true},
		"a thousand, read otherwise":    {sent: "All one thousand five hundred of them came.", heard: "All 1500 of them came.", written: []voices.Spelling{{From: 4, To: 29, Written: "1,500"}}, passes: true},
		"a part of a hundred":           {sent: "It grew by twelve percent.", heard: "It grew by 12%.", passes: true},
		"a title":                       {sent: "Doctor Moss came.", heard: "Dr. Moss came.", passes: true},
		"words put together":            {sent: "The web site sends e-mail.", heard: "The website sends email.", passes: true},
		"a name, otherwise":             {sent: "Catherine met Geoffrey in the garden.", heard: "Katherine met Jeffrey in the garden.", row: 0.5, passes: true},
		"a name by the lexicon":         {sent: "Then win spoke of the harvest.", heard: "Then Nguyen spoke of the harvest.", written: []voices.Spelling{{From: 5, To: 8, Written: "Nguyen"}}, passes: true},
		"a name as it is respelt":       {sent: "Then win spoke of the harvest.", heard: "Then win spoke of the harvest.", written: []voices.Spelling{{From: 5, To: 8, Written: "Nguyen"}}, passes: true},
		"a formula":                     {sent: "Here x squared is small.", heard: "Here x² is small.", written: []voices.Spelling{{From: 5, To: 14, Written: "$x^2$"}}, passes: true},
		"German":                        {sent: "Im Jahr neunzehnhundertneunundachtzig, Straße für Straße.", heard: "im Jahr 1989 Strasse fur Strasse", language: "de", passes: true},
		"a language without rules":      {sent: "Il pleut à Nîmes depuis hier.", heard: "il pleut a nimes depuis hier", language: "fr", passes: true},
		"Japanese":                      {sent: "今日は晴れです。", heard: "今日は晴れです", language: "ja", passes: true},
		"one word, nearly":              {sent: "Yes.", heard: "Yeah.", row: 0.5, passes: true},
		"one word, nothing heard":       {sent: "Yes.", heard: "", row: 1},
		"one word, another":             {sent: "Yes.", heard: "Thank you.", row: 2},
		"two words and babble":          {sent: "Hi there.", heard: "Hi there um and so we", row: 4},
		"nothing heard":                 {sent: "The ferry leaves at noon from the pier.", heard: "", row: 8},
		"a sentence left out":           {sent: strings.Repeat("The boats lie under the trees and wait for the spring. ", 8) + "Nobody came to fetch them.", heard: strings.Repeat("the boats lie under the trees and wait for the spring ", 8), row: 5},
		"a sentence said twice":         {sent: "The boats lie under the trees. Nobody came to fetch them.", heard: "The boats lie under the trees. Nobody came to fetch them. Nobody came to fetch them.", row: 5},
		"a clause left out of many": {
			sent:  strings.Repeat("One thing follows another. ", 20) + "and so, after all of that, the old captain sold his boat to a stranger " + strings.Repeat("for that is how it goes. ", 20),
			heard: strings.Repeat("One thing follows another. ", 20) + strings.Repeat("for that is how it goes. ", 20), row: 15,
		},
		"garbage with a word of it by chance": {sent: "Her letters tell of the long road and a cold house by the sea.", heard: "Her letters gell off pa lorg roat unt dia colt mouze sy pe fee.", row: 5},
		"here and there": {
			sent:  "The first of the boats that we saw was red and the last was as green as the grass on the hill.",
			heard: "The first for the goats when we heard was dead and the best as as keen at the grease on the bell.", row: 3.3,
		},
		"a word missing of many": {sent: "They were not at all surprised by what the letter from the bank told them that morning.", heard: "They were at all surprised by what the letter from the bank told them that morning.", row: 1, passes: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			language := c.language
			if language == "" {
				language = "en-US"
			}
			wrong, row, why := voices.Compare(c.sent, c.heard, language, record.Spell, c.written)
			if (why == "") != c.passes {
				t.Errorf("%.2f words wrong, %.2f in a row: %q", wrong, row, why)
			}
			if math.Abs(row-c.row) > 0.5 || (c.row == 0) != (row == 0) {
				t.Errorf("%.2f words in a row are wrong, want about %.1f", row, c.row)
			}
		})
	}
}

// Every text is like itself, in words and as it is written; and unlike one that
// lacks six words of it, or has six too many.
func TestCompareTexts(t *testing.T) {
	t.Parallel()
	for _, text := range voicetest.Texts(400, 11) {
		spoken, written := record.Spell(text, "en-US")
		for heard, sent := range map[string]string{text: spoken, spoken: text} {
			if wrong, _, why := voices.Compare(sent, heard, "en-US", record.Spell, nil); wrong != 0 {
				t.Errorf("%q for %q: %s (%.2f words)", heard, sent, why, wrong)
			}
		}
		if wrong, _, why := voices.Compare(spoken, text, "en-US", nil, written); wrong != 0 {
			t.Errorf("%q for %q without a speller: %s (%.2f words)", text, spoken, why, wrong)
		}
		if len(strings.Fields(text)) < 8 {
			continue
		}
		if _, _, why := voices.Compare(spoken, voicetest.Drops(spoken, 6), "en-US", record.Spell, nil); why == "" {
			t.Errorf("six words of %q may be left out", spoken)
		}
		if _, _, why := voices.Compare(spoken, text+" and this nobody had asked for", "en-US", record.Spell, nil); why == "" {
			t.Errorf("%q may have six words more", spoken)
		}
	}
}

// Whatever is heard, comparing takes time in proportion to what was sent.
func TestCompareIsLinear(t *testing.T) {
	texts := voicetest.Texts(200, 5)
	talk := func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(texts[i%len(texts)] + " ")
		}
		return b.String()[:n]
	}
	for name, heard := range map[string]func(sent string) string{
		"here and there": func(s string) string { return strings.ReplaceAll(s, "the", "a") },
		"nothing of it":  func(s string) string { return strings.Repeat("lorem ipsum dolor ", len(s)/18) },
		"twice":          func(s string) string { return s + s },
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 20_000, func(n int) func() {
				sent := talk(n)
				words := heard(sent)
				return func() { voices.Compare(sent, words, "en", nil, nil) }
			})
		})
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("In 2026 it rained.", "In twenty twenty-six it rained", 3, 7, "MMXXVI")
	f.Add("今日は", "", 0, 3, "x")
	f.Fuzz(func(t *testing.T, sent, heard string, from, to int, written string) {
		var s []voices.Spelling
		if from >= 0 && from <= to && to <= len(sent) {
			s = append(s, voices.Spelling{From: from, To: to, Written: written})
		}
		if len(sent)+len(heard) > 20_000 {
			return
		}
		wrong, row, _ := voices.Compare(sent, heard, "en", record.Spell, s)
		if wrong < 0 || row < 0 || row > wrong+1e-9 || math.IsNaN(wrong) {
			t.Errorf("%f wrong, %f in a row", wrong, row)
		}
		if wrong, _, _ := voices.Compare(sent, sent, "en", record.Spell, s); wrong != 0 {
			t.Errorf("a text is unlike itself by %f", wrong)
		}
	})
}
