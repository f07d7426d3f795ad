// Package notice answers who hears of a run that has ended, and in what words.
//
// A notice never fails a run: what could not be told is a finding. An address is
// a secret, as whoever knows it may post there, and stands in no message.
package notice
