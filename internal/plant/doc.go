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
// Only tests that run the changed line can fail for it. So each test is first run
// once alone with coverage; which lines it ran and how long it took is kept in
// bin/plant until its test program changes. A fault is then given to the tests
// that run its line, those of its own package first and the quickest of them first.
// A fault whose line no test runs is a survivor that needs no run.
//
// A test that fails, or hangs, is run again without the fault before it counts: one
// that fails then too, as on a busy machine, is left out, and the others are asked.
package main
