package lamp

import "testing"

// TestLit looks at noon and midnight, and not at the hour at which a lamp is put
// out: a fault there survives.
func TestLit(t *testing.T) {
	if !Lit(0) || Lit(12) {
		t.Error("it is lit at noon, or not at midnight")
	}
}

func TestBurn(t *testing.T) {
	if err := Burn(3, 2); err != nil {
		t.Error(err)
	}
	if Burn(2, 3) == nil {
		t.Error("there is oil")
	}
}

func TestWait(t *testing.T) { Wait(3) }
