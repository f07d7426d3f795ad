package room

import "testing"

func TestEvening(t *testing.T) {
	if n := Evening(4); n != 3 {
		t.Errorf("the wick is %d", n)
	}
}

// TestMorning fails without any fault: it can judge none.
func TestMorning(t *testing.T) {
	t.Error("it is dark")
}
