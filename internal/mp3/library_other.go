//go:build !((linux || darwin) && (amd64 || arm64) && !nolame)

package mp3

// Library is libmp3lame in this process; this build has no way to load it.
type Library struct{}

// Load gives an [*AbsentError].
func Load() (*Library, error) {
	return nil, &AbsentError{Err: errNoLoader}
}

// Version names the library.
func (*Library) Version() string { return "" }

// Encode is not to be had.
func (*Library) Encode(Settings, []float32) ([]byte, error) { _, err := Load(); return nil, err }

// EncodeFrom is not to be had.
func (*Library) EncodeFrom(Settings, []float32, int, int) ([]byte, error) {
	_, err := Load()
	return nil, err
}

// Decode is not to be had.
func (*Library) Decode([]float32, []byte, int) ([]float32, error) { _, err := Load(); return nil, err }

// Decoder names what decodes.
func (*Library) Decoder() string { return "" }

// Open is not to be had.
func (*Library) Open([]byte) (*Decoder, error) { return nil, errNoMPG123 }

// Decoder is not to be had.
type Decoder struct{}

// Read gives nothing.
func (*Decoder) Read([]float32) (int, error) { return 0, errNoMPG123 }

// Close does nothing.
func (*Decoder) Close() error { return nil }
