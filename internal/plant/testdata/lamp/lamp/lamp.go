// Package lamp is planted with faults by a test.
package lamp

import "errors"

var errDry = errors.New("no oil is left")

// Lit says whether a lamp is lit in an hour of the day.
func Lit(hour int) bool {
	return hour < sunrise()
}

// Burn takes oil, and fails where there is too little.
func Burn(oil, hours int) error {
	for range hours {
		if oil--; oil < 0 {
			return errDry
		}
	}
	return nil
}

// Wait counts down to nothing.
func Wait(from int) {
	for from != 0 {
		from /= 2
	}
}

func sunrise() int { return 6 }

// Trim is run by the tests of another package alone.
func Trim(wick int) int { return wick - 1 }

// Break is run by none.
func Break(lamps int) int { return lamps - 1 }
