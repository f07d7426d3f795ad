package record

import (
	"context"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
)

// OpenTrack decodes a track as it is read: an MP3 in this process where
// libmpg123 is to be had, what else is no plain WAV by ffmpeg.
func OpenTrack(ctx context.Context, path string) (audio.Decoder, error) {
	lib, err := mp3.Load()
	if err != nil {
		return audio.DecodeFile(ctx, path)
	}
	return audio.DecodeFileWith(ctx, path, func(frames []byte) (audio.FrameDecoder, error) {
		d, err := lib.Open(frames)
		if err != nil {
			return nil, err
		}
		return d, nil
	})
}

// TrackDecoder names what decodes an MP3 track; others may differ in the last
// bit.
func TrackDecoder() string {
	if lib, err := mp3.Load(); err == nil && lib.Decoder() == "mpg123" {
		return "mpg123"
	}
	return "ffmpeg"
}
