// Package desk answers what a producer needs a page for: to hear how a text
// will be read, to mend what is said wrong, and to let an episode out.
//
// Every page is HTML that the server made, and can be read without scripts; what
// is done on it are requests that any client can make. A page keeps nothing of
// its own: edits of a text stand in the overlay beside its source, words in a
// lexicon, and all else is what the show's folders hold. What is spoken is kept
// under the hash of what was asked for, as in every other production: to hear a
// segment again costs nothing, and an episode is made of the takes that were
// heard at the desk.
package desk
