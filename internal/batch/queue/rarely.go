package queue

import "time"

// rarely is for a line of the log about what is tried again and again: it is said
// at once, and then once a minute until it is over. A disk that is full has no room
// for four lines a second.
type rarely struct{ said time.Time }

// due says whether the line is to be written now.
func (r *rarely) due() bool {
	if !r.said.IsZero() && time.Since(r.said) < time.Minute {
		return false
	}
	r.said = time.Now()
	return true
}

// over is called where it went well.
func (r *rarely) over() { *r = rarely{} }
