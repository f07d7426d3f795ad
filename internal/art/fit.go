package art

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// Size is what a picture is brought to.
type Size struct {
	Least  int  // pixels of the longer side; a smaller picture is enlarged. 0 enlarges none
	Most   int  // pixels of the longer side
	Bytes  int  // of the file
	Square bool // what is not is set on a blurred ground of its own colours
}

// The sizes that are in use.
var (
	cover   = Size{Least: LeastSide, Most: MostSide, Bytes: 4 << 20, Square: true}
	tag     = Size{Most: LeastSide, Bytes: 500_000, Square: true}
	chapter = Size{Most: 600, Bytes: 100_000}
	shown   = Size{Most: LeastSide, Bytes: 500_000}
)

// ForFeed is the size of a cover that a feed names.
func ForFeed() Size { return cover }

// ForTag is the size of the cover inside an audio file: players load it before
// the first sound.
func ForTag() Size { return tag }

// ForChapterTag is the size of a chapter's picture inside an audio file.
func ForChapterTag() Size { return chapter }

// ForChapter is the size of a chapter's picture on the web.
func ForChapter() Size { return shown }

// leastSide is how small a picture is made for the sake of its bytes.
const leastSide = 64

// Fit brings a JPEG or PNG file to a size. A JPEG that fits stays as it is,
// unless a camera held it on its side. The error wraps ErrNoImage or
// ErrTooLarge.
func Fit(file []byte, s Size) ([]byte, error) {
	info, err := Look(file)
	if err != nil {
		return nil, err
	}
	turn := orientation(file)
	if info.Format == "jpeg" && turn == upright && s.holds(info, len(file)) {
		return file, nil
	}
	m, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoImage, err)
	}
	m = turn.of(m)
	long := max(m.Bounds().Dx(), m.Bounds().Dy())
	for side := min(max(long, s.Least), s.Most); ; side = side * 3 / 4 {
		out := s.lay(m, side)
		for _, quality := range []int{90, 82, 74, 66, 58} {
			b, err := encode(out, quality)
			if err != nil {
				return nil, err
			}
			if len(b) <= s.Bytes || side <= leastSide {
				return b, nil
			}
		}
	}
}

// holds says whether a file is within the size.
func (s *Size) holds(i Info, n int) bool {
	long := max(i.Width, i.Height)
	return long >= s.Least && long <= s.Most && n <= s.Bytes && i.Colours != "CMYK" && (!s.Square || i.Width == i.Height)
}

// lay scales a picture to so many pixels of its longer side.
func (s *Size) lay(m image.Image, side int) *image.RGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if s.Square && nearlySquare(w, h) {
		short := min(w, h)
		b = image.Rect(0, 0, short, short).Add(b.Min).Add(image.Pt((w-short)/2, (h-short)/2))
		w, h = short, short
	}
	long := max(w, h)
	size := image.Pt(max(1, w*side/long), max(1, h*side/long))
	out := image.NewRGBA(image.Rectangle{Max: size})
	at := out.Bounds()
	if s.Square && size.X != size.Y {
		out = ground(m, side)
		at = at.Add(image.Pt((side-size.X)/2, (side-size.Y)/2))
	} else {
		draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	}
	draw.CatmullRom.Scale(out, at, m, b, draw.Over, nil)
	return out
}

// nearlySquare is off by so little that nobody misses what is cut.
func nearlySquare(w, h int) bool { return max(w, h)*98 <= min(w, h)*100 }

// ground is a square of a picture's own colours, blurred and darkened: what its
// middle looks like in a few pixels, drawn large.
func ground(m image.Image, side int) *image.RGBA {
	const few = 12
	b := m.Bounds()
	short := min(b.Dx(), b.Dy())
	middle := image.Rect(0, 0, short, short).Add(b.Min).Add(image.Pt((b.Dx()-short)/2, (b.Dy()-short)/2))
	small := image.NewRGBA(image.Rect(0, 0, few, few))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(small, small.Bounds(), m, middle, draw.Over, nil)
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.CatmullRom.Scale(out, out.Bounds(), small, small.Bounds(), draw.Src, nil)
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Alpha{A: 90}), image.Point{}, draw.Over)
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 0xff
	}
	return out
}

func encode(m image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
