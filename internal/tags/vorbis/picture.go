package vorbis

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	_ "image/jpeg" // for its size
	_ "image/png"

	"github.com/narrapress/narrapress/internal/tags/text"
)

// frontCover is a picture type (RFC 9639, section 8.8, table 13).
const frontCover = 3

// appendPicture writes the body of a PICTURE block (RFC 9639, section 8.8):
// numbers are big-endian here, unlike in comments.
func appendPicture(b, file []byte) []byte {
	media := text.ImageType(file)
	b = binary.BigEndian.AppendUint32(b, frontCover)
	b = binary.BigEndian.AppendUint32(b, uint32(len(media)))
	b = append(b, media...)
	b = binary.BigEndian.AppendUint32(b, 0) // no description
	var width, height, depth int            // 0 is not known
	if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil {
		width, height, depth = c.Width, c.Height, 24
	}
	for _, n := range []int{width, height, depth, 0, len(file)} { // 0: not indexed colours
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return append(b, file...)
}

// picture is the image in the body of a PICTURE block; nil for what is damaged,
// of another kind, or an address.
func picture(b []byte) []byte {
	skip := func(n uint64) bool {
		if n > uint64(len(b)) {
			return false
		}
		b = b[n:]
		return true
	}
	sized := func() bool {
		if len(b) < 4 {
			return false
		}
		n := binary.BigEndian.Uint32(b)
		b = b[4:]
		return skip(uint64(n))
	}
	if !skip(4) || !sized() || !sized() || !skip(16) || len(b) < 4 {
		return nil
	}
	n := binary.BigEndian.Uint32(b)
	b = b[4:]
	if uint64(n) > uint64(len(b)) || text.ImageType(b[:n]) == "" {
		return nil
	}
	return b[:n:n]
}

func pictureComment(file []byte) string {
	return pictureName + "=" + base64.StdEncoding.EncodeToString(appendPicture(nil, file))
}
