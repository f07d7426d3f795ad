package audio

import (
	"io"
	"math"
	"os/exec"
	"testing"
)

// checkSource reads the Source that open makes in several ways, holds it to
// the contract of Source each time, and returns its samples. frames < 0 is any
// number.
func checkSource(t testing.TB, open func() Source, frames int64) []float32 {
	t.Helper()
	var first []float32
	sizes := []int{4096, 1, 7, 1152}
	for k := 0; k < len(sizes); k++ {
		size, src := sizes[k], open()
		if _, ok := src.(*ffmpegDecoder); ok {
			sizes = []int{1152} // a process for each would take long
			size = sizes[0]
		}
		f := src.Format()
		if err := f.check(); err != nil {
			t.Fatalf("format: %v", err)
		}
		if n, err := src.ReadSamples(nil); n != 0 || err != io.ErrShortBuffer {
			t.Fatalf("read into nothing: %d, %v; want 0, io.ErrShortBuffer", n, err)
		}
		size *= f.Channels
		var got []float32
		const mark = 1e30
		dst := make([]float32, size+f.Channels)
		for {
			for i := range dst {
				dst[i] = mark
			}
			n, err := src.ReadSamples(dst[:size])
			if (n > 0) == (err != nil) || n%f.Channels != 0 || n > size {
				t.Fatalf("read %d: %d, %v", size, n, err)
			}
			for i := n; i < len(dst); i++ {
				if i >= size && dst[i] != mark {
					t.Fatalf("read %d: wrote behind dst", size)
				}
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, dst[:n]...)
			if size < 8*f.Channels && len(got) > 3000 {
				break // frame by frame is only tried at the start
			}
		}
		if src.Format() != f {
			t.Fatalf("format changed from %v to %v", f, src.Format())
		}
		if len(first) == 0 {
			first = got
			if frames >= 0 && int64(len(got)/f.Channels) != frames {
				t.Fatalf("%d frames, want %d", len(got)/f.Channels, frames)
			}
		} else if size >= 8*f.Channels && len(got) != len(first) {
			t.Fatalf("%d samples in reads of %d, %d in the first", len(got), size, len(first))
		}
		for i, v := range got {
			if math.Float32bits(v) != math.Float32bits(first[i]) {
				t.Fatalf("sample %d is %v in reads of %d, %v in the first", i, v, size, first[i])
			}
		}
		if size >= 8*f.Channels || len(got) <= 3000 {
			if n, err := src.ReadSamples(dst); n != 0 || err != io.EOF {
				t.Fatalf("read behind the end: %d, %v", n, err)
			}
		}
		if d, ok := src.(Decoder); ok {
			for range 2 {
				if err := d.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
			}
		}
	}
	return first
}

// all reads src to its end.
func all(t testing.TB, src Source) []float32 {
	t.Helper()
	var got []float32
	buf := make([]float32, 8192)
	for {
		n, err := src.ReadSamples(buf)
		got = append(got, buf[:n]...)
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// tone is a sine at a level in dB of full scale, frequency in Hz, in every
// channel.
func tone(f Format, hz, dbfs, seconds float64) []float32 {
	s := make([]float32, 0, int(seconds*float64(f.Rate))*f.Channels)
	amp := math.Pow(10, dbfs/20)
	for i := range int(math.Round(seconds * float64(f.Rate))) {
		v := float32(amp * math.Sin(2*math.Pi*hz*float64(i)/float64(f.Rate)))
		for range f.Channels {
			s = append(s, v)
		}
	}
	return s
}

// noise is white, uniform, with the given peak, and always the same.
func noise(n int, peak float32) []float32 {
	s := make([]float32, n)
	seed := uint32(1)
	for i := range s {
		seed = seed*1664525 + 1013904223
		s[i] = (float32(seed>>8)/(1<<23) - 1) * peak
	}
	return s
}

// run runs a program and returns what it wrote.
func run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return out
}

// snr is the ratio of the energy of want to that of the difference, in dB.
func snr(want, got []float32) float64 {
	var s, d float64
	for i, v := range want {
		e := float64(v - got[i])
		s += float64(v) * float64(v)
		d += e * e
	}
	return 10 * math.Log10(s/d)
}

func TestSamples(t *testing.T) {
	t.Parallel()
	checkSource(t, func() Source { return Samples(Format{8000, 2}, make([]float32, 10001)) }, 5000)
}

func TestEqualPower(t *testing.T) {
	t.Parallel()
	for x := -0.5; x <= 1.5; x += 0.125 {
		a, b := EqualPower(x), EqualPower(1-x)
		if math.Abs(a*a+b*b-1) > 1e-12 {
			t.Errorf("at %v: %v² + %v² is not 1", x, a, b)
		}
	}
	if EqualPower(0) != 0 || EqualPower(1) != 1 {
		t.Errorf("ends at %v and %v", EqualPower(0), EqualPower(1))
	}
}
