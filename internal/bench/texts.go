package main

import (
	"math/rand/v2"
	"strings"
)

// Parts of sentences. What they make has no digits or signs, so that it is
// spoken as it is written.
var (
	openings = []string{"", "", "In the morning ", "Long before that ", "Nobody knows why, but ", "As the story goes, ", "That same winter "}
	subjects = []string{"the ferryman", "an old surveyor", "our neighbour", "the whole orchestra", "a girl from the coast", "the night watch", "every baker in town", "the museum"}
	verbs    = []string{"carried", "described", "never found", "sold", "waited for", "repaired", "sang about", "had forgotten"}
	objects  = []string{"a map of the islands", "the green door", "two heavy suitcases", "the last tram", "a clock without hands", "the letter from the harbour", "some bread and salt", "the bridge that nobody used"}
	endings  = []string{"", "", " until the snow came", ", which pleased no one", " for nearly a year", " with great care", ", and then went home", " while the band played on"}
)

// speechPace is about how many characters a second the voices speak.
const speechPace = 14.5

// text makes sentences that take about this many seconds to say.
func text(r *rand.Rand, seconds float64) string {
	var b strings.Builder
	for b.Len() == 0 || float64(b.Len())/speechPace < seconds-1.5 {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if seconds < 2 {
			return "And " + pick(r, subjects) + " " + pick(r, verbs) + " it?"
		}
		s := pick(r, openings) + pick(r, subjects) + " " + pick(r, verbs) + " " + pick(r, objects) + pick(r, endings) + "."
		b.WriteString(strings.ToUpper(s[:1]) + s[1:])
	}
	return b.String()
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
