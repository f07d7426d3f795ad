package art

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turned is how a camera was held: the value of Exif's tag Orientation (JEITA
// CP-3451, section 4.6.4), 1 to 8.
type turned int

const upright turned = 1

// orientation reads the Exif data of a JPEG file; without any it is upright.
func orientation(file []byte) turned {
	if len(file) < 4 || file[0] != 0xff || file[1] != 0xd8 {
		return upright
	}
	for b := file[2:]; len(b) >= 4 && b[0] == 0xff; { // the segments before the picture
		size := int(binary.BigEndian.Uint16(b[2:]))
		if b[1] == 0xda || size < 2 || size+2 > len(b) {
			break
		}
		if exif, ok := bytes.CutPrefix(b[4:2+size], []byte("Exif\x00\x00")); ok && b[1] == 0xe1 {
			return exifOrientation(exif)
		}
		b = b[2+size:]
	}
	return upright
}

// exifOrientation looks in the first directory of what is built as a TIFF file.
func exifOrientation(b []byte) turned {
	const (
		entry = 12
		tag   = 0x0112
	)
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(b, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(b) < 8 {
		return upright
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return upright
	}
	n := int(order.Uint16(b[at:]))
	for b = b[at+2:]; n > 0 && len(b) >= entry; n, b = n-1, b[entry:] {
		if order.Uint16(b) == tag {
			if v := turned(order.Uint16(b[8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return upright
}

// of is the picture as it was seen.
func (t turned) of(m image.Image) image.Image {
	if t == upright {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if t >= 5 { // on its side
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			to := image.Point{}
			switch t {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			case 8:
				to = image.Pt(y, w-1-x)
			}
			out.Set(to.X, to.Y, m.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}
