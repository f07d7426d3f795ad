package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
)

// Decode decodes a whole file in memory, such as a take. What it is is told
// by its bytes (see [Sniff]); anything else is refused. When ctx ends, so does
// the decoding.
func Decode(ctx context.Context, b []byte) (Decoder, error) { return DecodeWith(ctx, b, nil) }

// DecodeWith is [Decode], but that an MP3 is decoded by what open gives, where it
// gives a decoder.
func DecodeWith(ctx context.Context, b []byte, open OpenFrames) (Decoder, error) {
	if open != nil && Sniff(b) == "audio/mpeg" {
		if d := openMP3With(ctx, b, spooled(b), open); d != nil {
			return d, nil
		}
	}
	d, err := decode(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("decode audio: %w", err)
	}
	return d, nil
}

func decode(ctx context.Context, b []byte) (Decoder, error) {
	switch Sniff(b) {
	case "":
		return nil, fmt.Errorf("these %d bytes are no audio that is known; they start with %q", len(b), cut(b, 0, 32))
	case "audio/wav":
		if string(b[:4]) != "RIFF" {
			break // RF64, for files past 4 GiB
		}
		h, err := readWAVHeader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return nil, err
		}
		if err := errors.Join(h.whole(), h.heard(b)); err != nil {
			return nil, err
		}
		if d := openWAV(bytes.NewReader(b), h, func() error { return nil }); d != nil {
			return d, nil
		}
	case "audio/mpeg":
		return openMP3(ctx, b)
	case "audio/mp4":
		return openFFmpeg(ctx, spooled(b))
	case "audio/ogg":
		if err := wholeOgg(b); err != nil {
			return nil, err
		}
	case "audio/flac":
		return openFLAC(ctx, b)
	}
	return openFFmpeg(ctx, piped(b))
}

// DecodeFile decodes a file on disk, such as a track, as it is read. It takes
// what ffmpeg reads. When ctx ends, so does the decoding.
func DecodeFile(ctx context.Context, path string) (Decoder, error) {
	return DecodeFileWith(ctx, path, nil)
}

// DecodeFileWith is [DecodeFile], but that an MP3 is decoded in this process
// where open gives a decoder, and the file is no longer than 16 MiB: a process
// costs as much as decoding a minute.
func DecodeFileWith(ctx context.Context, path string, open OpenFrames) (Decoder, error) {
	d, err := decodeFile(ctx, path, open)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", path, withoutPath(err))
	}
	return d, nil
}

func decodeFile(ctx context.Context, path string, open OpenFrames) (Decoder, error) {
	// Opening a named pipe would wait for its writer for ever.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if h, err := readWAVHeader(f, info.Size()); err == nil {
		if d := openWAV(f, h, f.Close); d != nil {
			return d, nil
		}
	}
	var d Decoder
	if open != nil && info.Size() <= mostMP3 {
		d = openMP3File(ctx, f, path, info.Size(), open)
	}
	if err := f.Close(); err != nil || d != nil {
		return d, err
	}
	return openFFmpeg(ctx, onDisk(path))
}

// withoutPath is err without the path that the message names already.
func withoutPath(err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return pe.Err
	}
	return err
}
