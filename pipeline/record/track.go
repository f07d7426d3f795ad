package record

import "github.com/narrapress/narrapress/internal/mp3"

// FrameDecoder decodes MPEG frames of layer III, one after another: samples
// interleaved, full scale ±1; io.EOF is the end.
type FrameDecoder = interface {
	Read(dst []float32) (int, error)
	Close() error
}

// DecodeFrames begins to decode whole MPEG frames of an MP3 track in this
// process. An error means that there is no libmpg123.
func DecodeFrames(frames []byte) (FrameDecoder, error) {
	lib, err := mp3.Load()
	if err != nil {
		return nil, err
	}
	d, err := lib.Open(frames)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// TrackDecoder names what decodes an MP3 track; others may differ in the last
// bit.
func TrackDecoder() string {
	if lib, err := mp3.Load(); err == nil && lib.Decoder() == "mpg123" {
		return "mpg123"
	}
	return "ffmpeg"
}
