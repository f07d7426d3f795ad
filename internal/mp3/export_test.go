//go:build (linux || darwin) && (amd64 || arm64) && !nolame

package mp3

// WithoutMPG123 is the library with LAME's own decoder.
func (l *Library) WithoutMPG123() *Library {
	other := &Library{
		initEncoder: l.initEncoder, set: l.set, setScale: l.setScale, setError: l.setError, initParams: l.initParams,
		encode: l.encode, encodePairs: l.encodePairs, frameNum: l.frameNum, flushApart: l.flushApart, flush: l.flush, closeLame: l.closeLame,
		decoding: l.decoding, initDecoder: l.initDecoder, setHipError: l.setHipError, decode: l.decode, closeDecoder: l.closeDecoder,
	}
	return other
}
