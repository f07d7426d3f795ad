package voicetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Texts are n things to say, as the segments of episodes are: sentences of all
// lengths up to twenty seconds, lines of one word, headings, numbers, names,
// initials, quotations, repetitions. No two are alike, and the same seed gives
// the same.
func Texts(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	kinds := []func(*rand.Rand) string{sentence, sentence, sentence, sentence, paragraph, paragraph, oneWord, numbers, ofPeople, heading, quoted, repeating}
	var out []string
	seen := map[string]bool{}
	for i := 0; len(out) < n; i++ {
		text := kinds[i%len(kinds)](r)
		for k := 0; seen[text] && k < 50; k++ {
			text = kinds[i%len(kinds)](r)
		}
		if seen[text] {
			text = fmt.Sprintf("%s %s", text, sentence(r))
		}
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// The stuff that texts are made of.
var (
	subjects = []string{
		"the river", "our neighbour", "an old map", "the committee", "my grandmother", "the engine", "a small school in the hills",
		"the translator", "every child in the village", "the last train", "a letter without a stamp", "the weather", "this theorem", "the orchestra",
	}
	verbs = []string{
		"remembered", "had forgotten", "carried", "asked about", "described", "could not explain", "slowly changed", "paid for",
		"walked around", "kept", "thought of", "would never sell", "photographed", "rebuilt",
	}
	objects = []string{
		"the bridge", "a hundred questions", "the strangest of the rules", "its own shadow", "what was left of the harvest", "the silence",
		"three thin books", "the names of the streets", "a promise", "the lighthouse keeper's dog", "all the windows on the north side", "tea",
	}
	tails = []string{
		"before the rain began", "without saying why", "in the spring of that year", "as if nothing had happened", "because somebody had to",
		"although the figures disagreed", "under the kitchen table", "for the second time", "with considerable patience", "and then went home",
	}
	joints = []string{"; ", ", and ", ", but ", ", so ", ": ", ", while "}
	single = []string{
		"Yes.", "No.", "Why?", "Strength.", "Water.", "Notwithstanding.", "Area.", "Perhaps.", "Onwards!", "Thanks.", "Elsewhere.", "Ohio.", "Six.",
		"Rhythm.", "Breathe.", "Unquestionably.", "Tea?", "Through.", "Idea.", "Stop.", "Mathematics.", "Him.", "Electricity.", "Quote.", "Note.",
	}
	people = []string{
		"Siobhan O'Leary", "Dr. Nguyen", "Wojciech Kowalczyk", "Ursula K. Le Guin", "J. R. R. Tolkien", "Mr. Featherstonehaugh", "Xochitl Reyes",
		"Professor Okonkwo", "Anne-Marie", "St. John", "Thutmose the Third", "Ludwig van Beethoven",
	}
	places = []string{"Reykjavik", "Worcester", "Llandudno", "Massachusetts", "Ouagadougou", "La Paz", "Kyiv", "the NATO base", "the BBC", "Xi'an"}
	units  = []string{"kilometres", "people", "dollars", "degrees", "pages", "percent", "minutes"}
)

func clause(r *rand.Rand) string {
	s := one(r, subjects) + " " + one(r, verbs) + " " + one(r, objects)
	if r.IntN(2) == 0 {
		s += " " + one(r, tails)
	}
	return s
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func sentence(r *rand.Rand) string {
	s := clause(r)
	for range r.IntN(3) {
		s += one(r, joints) + clause(r)
	}
	return capital(s) + one(r, []string{".", ".", ".", "?", "!"})
}

// paragraph takes about twenty seconds.
func paragraph(r *rand.Rand) string {
	s := sentence(r)
	for len(s) < 240+r.IntN(60) {
		s += " " + sentence(r)
	}
	return s
}

func oneWord(r *rand.Rand) string {
	if r.IntN(3) > 0 {
		return one(r, single)
	}
	words := strings.Fields(clause(r))
	return capital(words[r.IntN(len(words))]) + "."
}

func numbers(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return fmt.Sprintf("In %d there were %d %s.", 1500+r.IntN(520), r.IntN(1_000_000), one(r, units))
	case 1:
		return fmt.Sprintf("%d.%02d", r.IntN(1000), r.IntN(100))
	case 2:
		return fmt.Sprintf("Call %03d %03d %04d before %d:%02d.", r.IntN(1000), r.IntN(1000), r.IntN(10000), 1+r.IntN(12), 10+r.IntN(50))
	case 3:
		return fmt.Sprintf("It cost $%d.%02d, which is %d%% more than the $%d of last year.", r.IntN(500), r.IntN(100), r.IntN(100), r.IntN(400))
	case 4:
		return fmt.Sprintf("Chapter %d.", 1+r.IntN(60))
	}
	return fmt.Sprintf("%s counted %s thousand %s hundred and %s %s.", capital(one(r, subjects)), one(r, spelt), one(r, spelt), one(r, spelt), one(r, units))
}

var spelt = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "eleven", "seventeen"}

func ofPeople(r *rand.Rand) string {
	return fmt.Sprintf("%s met %s in %s%s.", one(r, people), one(r, people), one(r, places), one(r, []string{"", " " + one(r, tails), ", or so " + one(r, people) + " wrote"}))
}

func heading(r *rand.Rand) string { return capital(one(r, subjects)) + " and " + one(r, objects) }

func quoted(r *rand.Rand) string {
	return fmt.Sprintf("“%s,” said %s. “%s”", capital(clause(r)), one(r, people), sentence(r))
}

// repeating says things more than once, as people do.
func repeating(r *rand.Rand) string {
	w := one(r, []string{"no", "never", "ha", "row", "all the way down", "knock", "one step", "very"})
	return capital(strings.Repeat(w+", ", 2+r.IntN(4))+w) + ", " + clause(r) + ". " + capital(strings.Repeat(w+", ", 1+r.IntN(3))+w) + "."
}
