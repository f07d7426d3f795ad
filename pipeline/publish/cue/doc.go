// Package cue answers when each word of an episode is heard, and how what is
// said is divided into lines that can be read while it is.
//
// A [Clock] gives the time of every place of what a segment says. It goes by
// the best that is known: what the endpoint told of its words; else the pauses
// that were measured in the take, each given to the phrase that ends there;
// else the characters of each word. A [Passage] is what a transcript shows of
// a segment, its author's text, tied to what is said. [Lines] divides a
// passage at the ends of phrases.
//
// Everything here is arithmetic on its arguments, and its time is linear in
// the text.
package cue
