// Package cli answers what a person at a terminal, or a program in its place,
// asks of narrapress: one file a command, each with a run function that knows
// no flags parser, one table of exit codes, and the display of progress on a
// terminal and in plain lines.
//
// Results go to standard output; what happens meanwhile, and what went wrong,
// goes to standard error. With --json standard output holds one JSON document
// and nothing else.
package cli
