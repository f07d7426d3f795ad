package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// ffmpeg plays what is left of a file that was cut off, and says nothing.

// wholeOgg is an error if the last page of b is cut off (RFC 3533, 6).
func wholeOgg(b []byte) error {
	const header = 27
	for bytes.HasPrefix(b, []byte("OggS")) {
		size := header
		if len(b) >= header {
			lengths := cut(b, header, int(b[header-1]))
			size += int(b[header-1])
			for _, n := range lengths {
				size += int(n)
			}
		}
		if len(b) < header || size > len(b) {
			return fmt.Errorf("%w inside a page of Ogg", ErrTruncated)
		}
		b = b[size:]
	}
	return nil
}

// openFLAC decodes b, and holds it to the frames that its header counts.
func openFLAC(ctx context.Context, b []byte) (Decoder, error) {
	d, err := openFFmpeg(ctx, piped(b))
	if err != nil {
		return nil, err
	}
	// "fLaC", a block header, STREAMINFO: the last 36 bits of its bytes 10 to
	// 17 count the frames, 0 if they are not known (RFC 9639, 8.2).
	count := cut(b, 4+4+10, 8)
	if len(count) < 8 || b[4]&0x7F != 0 {
		return d, nil
	}
	frames := int64(binary.BigEndian.Uint64(count) & (1<<36 - 1))
	if frames == 0 {
		return d, nil
	}
	return &counted{Decoder: d, want: frames}, nil
}

// counted is a Decoder whose frames were counted before.
type counted struct {
	Decoder
	want, have int64
}

func (c *counted) ReadSamples(dst []float32) (int, error) {
	n, err := c.Decoder.ReadSamples(dst)
	c.have += int64(n / c.Format().Channels)
	if err == io.EOF && c.have < c.want {
		err = fmt.Errorf("%w: it has %d of the %d frames that it counts", ErrTruncated, c.have, c.want)
	}
	return n, err
}
