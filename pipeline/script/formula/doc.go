// Package formula answers one question: how is a LaTeX formula said aloud?
//
// [Parse] reads the common subset of LaTeX mathematics into an [Expr];
// [Expr.Speak] words it. Two styles exist. [ClearSpeak] follows the published
// ClearSpeak rules (as the Speech Rule Engine applies them) and is there to be
// measured against. [Narrator], the default, is for a listener who sees
// nothing: it departs from ClearSpeak where the standard names a glyph instead
// of its meaning ("P of A given B", "the limit as x approaches 0", "x bar").
//
// The work runs in three steps, one group of files each: the tokenizer and the
// descent parser (token, parse, atoms, environment) read the layout; structure,
// fences and operands find what belongs together in a row (fences,
// punctuation, relations, operators, functions and their arguments); the
// speaker (speak…) words the tree.
//
// Reading is lenient: an unknown command is read by its name, and a fault in
// the LaTeX is reported without losing the text around it. Time is linear in
// the input, and the depth of the tree is bounded, so hostile input costs no
// more than its length.
//
// Everything here is a pure function of its input and safe for concurrent use.
package formula
