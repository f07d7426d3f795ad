// Package record answers how the script sounds: it has every segment spoken,
// several at a time and in order, and listens to what came back: how long it
// is, where in it the speech stands, how loud it is.
//
// A take that the store has costs nothing. When a segment fails, no further
// one is begun, but those already asked for are waited for and kept: they are
// paid. When the context ends, everything stops at once.
package record
