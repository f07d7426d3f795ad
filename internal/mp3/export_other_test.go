//go:build !((linux || darwin) && (amd64 || arm64) && !nolame)

package mp3

// WithoutMPG123 is the library that is not there.
func (l *Library) WithoutMPG123() *Library { return l }
