// Package art answers which picture a show, an episode or a chapter has: it
// looks a JPEG or PNG file over, brings it to a size, and draws a cover of words
// where there is none.
//
// What it writes is a JPEG file in RGB, and the same input gives the same bytes
// on the same kind of machine: scaling uses floating point, which some
// processors round otherwise. A file that fits as it is stays as it is.
//
// The limits are those of Apple's "Artwork requirements" for podcasts (square,
// 1400 to 3000 pixels a side, RGB), which other directories share. Functions are
// safe for concurrent use.
package art

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // what may be read
	_ "image/png"
)

// Sides of a cover that directories take, in pixels.
const (
	LeastSide = 1400
	MostSide  = 3000
)

// MaxPixels bounds what is decoded: four bytes a pixel, and as many again where
// a progressive JPEG is put together.
const MaxPixels = 32_000_000

// Errors of a file, for errors.Is.
var (
	ErrNoImage  = errors.New("neither a JPEG nor a PNG file that can be read")
	ErrTooLarge = fmt.Errorf("more than %d million pixels", MaxPixels/1_000_000)
)

// Info is what the head of a file says.
type Info struct {
	Width, Height int
	Format        string // jpeg or png
	Colours       string // RGB, grey, CMYK, or RGB with transparency
}

// Look reads the head of a file; its pixels are not decoded. A file of too many
// is an error that wraps ErrTooLarge.
func Look(file []byte) (Info, error) {
	c, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return Info{}, ErrNoImage
	}
	i := Info{Width: c.Width, Height: c.Height, Format: format, Colours: colours(c.ColorModel)}
	switch {
	case c.Width < 1 || c.Height < 1:
		return Info{}, ErrNoImage
	case c.Width > MaxPixels/c.Height:
		return Info{}, fmt.Errorf("%d × %d: %w: use a smaller one", c.Width, c.Height, ErrTooLarge)
	}
	return i, nil
}

func colours(m color.Model) string {
	switch m {
	case color.GrayModel, color.Gray16Model:
		return "grey"
	case color.CMYKModel:
		return "CMYK"
	case color.NRGBAModel, color.NRGBA64Model:
		return "RGB with transparency"
	}
	return "RGB"
}

// CoverFaults say in which ways a cover is none that directories take, a line
// each with what is done about it here.
func (i Info) CoverFaults() []string {
	var out []string
	if i.Width != i.Height {
		out = append(out, fmt.Sprintf("it is %d × %d pixels and not square: it is set on a blurred ground", i.Width, i.Height))
		if nearlySquare(i.Width, i.Height) {
			out[0] = fmt.Sprintf("it is %d × %d pixels and not square: its edges are cut", i.Width, i.Height)
		}
	}
	switch long := max(i.Width, i.Height); {
	case long < LeastSide:
		out = append(out, fmt.Sprintf("it has %d pixels a side where directories ask for %d to %d: it is enlarged, which does not make it sharper", long, LeastSide, MostSide))
	case long > MostSide:
		out = append(out, fmt.Sprintf("it has %d pixels a side where directories take %d at most: it is made smaller", long, MostSide))
	}
	switch i.Colours {
	case "CMYK":
		out = append(out, "its colours are CMYK, for print: they are turned into RGB, and may look otherwise")
	case "RGB with transparency":
		out = append(out, "parts of it may be transparent: they become white")
	}
	return out
}
