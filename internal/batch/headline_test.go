package batch_test

import (
	"testing"

	"github.com/narrapress/narrapress/internal/batch"
)

// TestHeadline names whatever there is one of, and nothing that there is none of.
func TestHeadline(t *testing.T) {
	t.Parallel()
	for want, totals := range map[string]batch.Totals{
		"no posts":                {},
		"1 left for the next run": {Over: 1},
		"1 set aside":             {Problems: 1},
		"1 failed":                {States: map[batch.State]int{batch.StateFailed: 1}},
		"1 made, 2 held, 3 set aside, 4 left for the next run": {
			States: map[batch.State]int{batch.StateHeld: 2, batch.StateMade: 1}, Problems: 3, Over: 4,
		},
	} {
		if got := (&batch.Report{Totals: totals}).Headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
