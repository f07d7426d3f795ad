// Plant is a program that asks whether the tests bite: it plants faults in the
// packages that it is told of, one at a time, and looks whether a test fails.
//
//	go run ./internal/plant -n 200 -seed 1 ./voices ./pipeline/...
//
// A fault is one small change of one file (operators.go says which), chosen by a
// seed and evenly over packages and kinds of change. The tree is not touched: the
// changed file is laid over it (`go test -overlay`), in a test program of its own.
// A change that does not compile is not planted, and another takes its place.
//
// The tests of a package are first run once, all together, with coverage: which lines
// they reach, and how long each takes, is kept in bin/plant until the test program
// changes. A fault that they reach is given to them, the quickest first, as far as half
// of the box (-box) goes; where none fails, to those of at most three packages that import
// its own. A fault whose line no test of its package reaches needs no run of those.
//
// A test that fails, or hangs, counts only if it passes without the fault and then
// fails with it again: a busy machine fails tests, too. One that fails without the
// fault is left out, and the others are asked.
package main
