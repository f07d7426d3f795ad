// Package gate answers whether a finished episode may go out: it judges what
// was measured of it by the show's rules, one verdict a rule. It reads and
// writes nothing: facts go in, findings come out.
package gate
