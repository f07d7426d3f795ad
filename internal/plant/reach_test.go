package main

import (
	"slices"
	"testing"
)

// TestPassedIn reads what a test program says with -test.v: subtests are not tests of
// their own, and what failed or was left out judges nothing.
func TestPassedIn(t *testing.T) {
	t.Parallel()
	got := passedIn("=== RUN   TestA\n--- PASS: TestA (1.25s)\n    --- PASS: TestA/b (0.01s)\n--- FAIL: TestC (0.00s)\n--- SKIP: TestD (0.00s)\n--- PASS: FuzzÄ_1 (0.00s)\nPASS\n")
	if want := []test{{"TestA", 1250}, {"FuzzÄ_1", 0}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
