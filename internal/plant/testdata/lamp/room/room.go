// Package room has a lamp.
package room

import "example.org/lamp/lamp"

// Evening trims the wick.
func Evening(wick int) int { return lamp.Trim(wick) }
