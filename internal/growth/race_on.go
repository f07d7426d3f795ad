//go:build race

package growth

// Slowed says that the race detector looks on: what something takes of time and
// memory says nothing then.
const Slowed = true
