package gate_test

import (
	"fmt"

	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// An episode that is too loud is held.
func ExampleJudge() {
	findings := gate.Judge(gate.Defaults(), gate.Facts{
		Length: 95, Speech: 80, Expected: 85, Segments: 12, Pause: 1.2,
		Integrated: -12.5, Target: -16, TruePeak: -1.2, Ceiling: -1, Chapters: 2,
	})
	for _, f := range gate.Reasons(findings) {
		fmt.Println(f.Rule, f.Measured, f.Bound)
	}
	fmt.Println("held:", gate.Held(findings))
	// Output:
	// loudness -12.5 LUFS -16.0 LUFS ± 1 LU
	// held: true
}
