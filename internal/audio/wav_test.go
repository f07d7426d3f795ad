package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// oddSignal is what ffmpegFile and ffmpegFiles make files of.
const oddSignal = "aevalsrc=0.4*sin(2*PI*(200+300*t)*t)+0.1*random(0)|0.3*cos(2*PI*500*t):s=44100:d=0.731"

// ffmpegFile makes a file of an odd signal by ffmpeg.
func ffmpegFile(t testing.TB, name string, args ...string) string {
	t.Helper()
	return ffmpegFiles(t, oddSignal, "", map[string][]string{name: args})[name]
}

// ffmpegFiles makes a file of a signal with each of the arguments, named as
// these are and an extension, and gives their paths by these names. ffmpeg is
// started once: its start takes longer than all it does here.
func ffmpegFiles(t testing.TB, signal, extension string, args map[string][]string) map[string]string {
	t.Helper()
	dir, paths := t.TempDir(), map[string]string{}
	all := []string{"-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", signal}
	for name, own := range args {
		paths[name] = filepath.Join(dir, name+extension)
		all = append(append(all, own...), paths[name])
	}
	run(t, "ffmpeg", all...)
	return paths
}

// byFFmpeg is what ffmpeg itself decodes a file to.
func byFFmpeg(t testing.TB, path string) []float32 {
	t.Helper()
	return allByFFmpeg(t, map[string]string{"": path})[""]
}

// allByFFmpeg is what ffmpeg itself decodes files to. It is started once.
func allByFFmpeg(t testing.TB, paths map[string]string) map[string][]float32 {
	t.Helper()
	dir := t.TempDir()
	var names, in, out []string
	raw := func(i int) string { return filepath.Join(dir, strconv.Itoa(i)) }
	for name, path := range paths {
		i := len(names)
		names = append(names, name)
		in = append(in, "-i", path)
		out = append(out, "-map", strconv.Itoa(i), "-f", "f32le", raw(i))
	}
	run(t, "ffmpeg", slices.Concat([]string{"-hide_banner", "-loglevel", "error"}, in, out)...)
	all := map[string][]float32{}
	for i, name := range names {
		b := read(t, raw(i))
		s := make([]float32, len(b)/4)
		for k := range s {
			s[k] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*k:]))
		}
		all[name] = s
	}
	return all
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeWAV(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args []string
		own  bool // decoded in this process
	}{
		"8 bits, unsigned":   {[]string{"-c:a", "pcm_u8"}, true},
		"8 bits, odd length": {[]string{"-c:a", "pcm_u8", "-ac", "1", "-af", "atrim=end_sample=1001"}, true},
		"16 bits":            {[]string{"-c:a", "pcm_s16le"}, true},
		"16 bits, mono":      {[]string{"-c:a", "pcm_s16le", "-ac", "1"}, true},
		"24 bits":            {[]string{"-c:a", "pcm_s24le"}, true},
		"32 bits":            {[]string{"-c:a", "pcm_s32le"}, true},
		"float":              {[]string{"-c:a", "pcm_f32le"}, true},
		"double":             {[]string{"-c:a", "pcm_f64le"}, true},
		"µ-law":              {[]string{"-c:a", "pcm_mulaw", "-ar", "8000"}, false},
		"A-law":              {[]string{"-c:a", "pcm_alaw", "-ar", "8000"}, false},
		"extensible":         {[]string{"-c:a", "pcm_s24le", "-ar", "96000"}, true},
		"ADPCM":              {[]string{"-c:a", "adpcm_ima_wav"}, false},
		"RF64":               {[]string{"-c:a", "pcm_s16le", "-rf64", "always"}, false},
	}
	args := map[string][]string{}
	for name, tc := range cases {
		args[name] = tc.args
	}
	paths := ffmpegFiles(t, oddSignal, ".wav", args)
	wants := allByFFmpeg(t, paths)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, want := paths[name], wants[name]
			b := read(t, path)
			got := checkSource(t, func() Source {
				d, err := Decode(t.Context(), b)
				if err != nil {
					t.Fatal(err)
				}
				if _, pipe := d.(*ffmpegDecoder); pipe == tc.own {
					t.Fatalf("decoded by %T", d)
				}
				return d
			}, -1)
			if len(got) != len(want) || !(snr(want, got) > 140) {
				t.Errorf("%d samples, ffmpeg gives %d; SNR %.1f dB", len(got), len(want), snr(want, got))
			}
			d, err := DecodeFile(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if file := all(t, d); len(file) != len(got) || snr(got, file) < 140 {
				t.Errorf("from disk %d samples, from memory %d", len(file), len(got))
			}
		})
	}
}

func TestDecodeMoreChannels(t *testing.T) {
	t.Parallel()
	path := ffmpegFile(t, "a.wav", "-af", "pan=5.1|FL=c0|FR=c1|FC=0.5*c0|LFE=0*c0|BL=0.1*c1|BR=0.1*c0")
	d, err := Decode(t.Context(), read(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if f := d.Format(); f != (Format{44100, 2}) {
		t.Errorf("format %v", f)
	}
	if n := len(all(t, d)) / 2; n != 32237 {
		t.Errorf("%d frames", n)
	}
}

func TestMendWAV(t *testing.T) {
	t.Parallel()
	espeak := run(t, "espeak-ng", "--stdout", "Sizes that lie.")
	piped := run(t, "ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "sine=d=0.2", "-f", "wav", "-")
	if !bytes.Contains(piped, []byte("LIST")) {
		t.Fatal("ffmpeg wrote no LIST chunk; the case is not tested")
	}
	good, err := WrapPCM(make([]byte, 4000), "pcm_s16le", 24000, 1)
	if err != nil {
		t.Fatal(err)
	}
	sized := func(size uint32) []byte {
		b := bytes.Clone(good)
		binary.LittleEndian.PutUint32(b[4:], size)
		binary.LittleEndian.PutUint32(b[40:], size)
		return b
	}
	odd, err := WrapPCM(make([]byte, 4000), "pcm_s16le", 24000, 1)
	if err != nil {
		t.Fatal(err)
	}
	odd[32], odd[34] = 1, 8 // 8 bits
	binary.LittleEndian.PutUint32(odd[40:], math.MaxUint32)
	empty, err := WrapPCM(nil, "pcm_s16le", 24000, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		in     []byte
		frames int64
	}{
		"true already":             {good, 2000},
		"espeak-ng":                {espeak, int64(len(espeak)-44) / 2},
		"ffmpeg through a pipe":    {piped, 8820},
		"0":                        {sized(0), 2000},
		"0xFFFFFFFF":               {sized(math.MaxUint32), 2000},
		"0x7FFFF000":               {sized(0x7FFFF000), 2000},
		"2000000000":               {sized(2000000000), 2000},
		"truncated":                {good[:1044], 500},
		"8 bits, odd":              {odd[:44+333], 333},
		"empty":                    {empty, 0},
		"empty, with a LIST chunk": {append(bytes.Clone(empty), "LIST\x04\x00\x00\x00INFO"...), 0},
		"a LIST chunk behind":      {append(bytes.Clone(good), "LIST\x04\x00\x00\x00INFO"...), 2000},
		"extensible":               {read(t, ffmpegFile(t, "a.wav", "-c:a", "pcm_s24le", "-ar", "96000")), 70176},
		"float":                    {read(t, ffmpegFile(t, "b.wav", "-c:a", "pcm_f32le")), 32237},
	} {
		before := bytes.Clone(tc.in)
		got, err := MendWAV(tc.in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(before, tc.in) {
			t.Errorf("%s: the input was written to", name)
		}
		h, err := readWAVHeader(bytes.NewReader(got), int64(len(got)))
		if err != nil || h.declared != h.size || h.size/int64(h.frame) != tc.frames {
			t.Errorf("%s: %+v, %v; want %d frames", name, h, err, tc.frames)
		}
		if riff := int(binary.LittleEndian.Uint32(got[4:])); riff != len(got)-8 || len(got)%2 != 0 {
			t.Errorf("%s: RIFF size %d of %d bytes", name, riff, len(got))
		}
		if again, err := MendWAV(got); err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: mending twice is not mending once: %v", name, err)
		}
	}
}

func TestMendWAVErrors(t *testing.T) {
	t.Parallel()
	good, err := WrapPCM(make([]byte, 400), "pcm_s16le", 24000, 2)
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int, v byte) []byte {
		b := bytes.Clone(good)
		b[at] = v
		return b
	}
	for name, tc := range map[string]struct {
		in   []byte
		want error
	}{
		"nothing":            {nil, nil},
		"no RIFF":            {[]byte("<html>not a WAV file at all</html>"), nil},
		"no format":          {append([]byte("RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00"), 1, 2, 3, 4), nil},
		"no samples":         {good[:36], nil},
		"cut format":         {good[:30], nil},
		"no channels":        {change(22, 0), nil},
		"frames of no bytes": {change(32, 0), nil},
		"cut inside a frame": {good[:len(good)-1], ErrTruncated},
		"size of odd length": {change(40, 0x8e), ErrTruncated},
	} {
		got, err := MendWAV(tc.in)
		if err == nil || got != nil || tc.want != nil && !errors.Is(err, tc.want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if _, err := Decode(t.Context(), good[:len(good)-1]); !errors.Is(err, ErrTruncated) {
		t.Errorf("decoding a take cut inside a frame: %v", err)
	}
}

func TestWrapPCM(t *testing.T) {
	t.Parallel()
	pcm := []byte{0, 0x40, 0, 0xc0}
	b, err := WrapPCM(pcm, "pcm_s16le", 24000, 2)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if s := all(t, d); d.Format() != (Format{24000, 2}) || s[0] != 0.5 || s[1] != -0.5 {
		t.Errorf("%v %v", d.Format(), s)
	}
	f32 := binary.LittleEndian.AppendUint32(nil, math.Float32bits(0.3))
	if b, err = WrapPCM(f32, "pcm_f32le", 48000, 1); err != nil {
		t.Fatal(err)
	}
	if d, err = Decode(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if s := all(t, d); len(s) != 1 || s[0] != 0.3 {
		t.Errorf("%v", s)
	}
	if _, err := WrapPCM(pcm[:3], "pcm_s16le", 24000, 1); !errors.Is(err, ErrTruncated) {
		t.Errorf("3 bytes: %v", err)
	}
	for _, bad := range []struct {
		encoding       string
		rate, channels int
	}{{"pcm_s24le", 24000, 1}, {"pcm_s16le", 0, 1}, {"pcm_s16le", 24000, 0}, {"pcm_s16le", 24000, 3}} {
		if _, err := WrapPCM(nil, bad.encoding, bad.rate, bad.channels); err == nil {
			t.Errorf("%+v is no error", bad)
		}
	}
}

func TestFloatWAVMustBeNumbers(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30} {
		b, err := WrapPCM(binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(v))), "pcm_f32le", 48000, 1)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Decode(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := d.ReadSamples(make([]float32, 4)); n != 0 || err == nil || err == io.EOF {
			t.Errorf("%v: %d, %v", v, n, err)
		}
	}
}

func FuzzMendWAV(f *testing.F) {
	wavSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := MendWAV(b)
		if err != nil {
			return
		}
		if len(got) > len(b)+1 {
			t.Fatalf("%d bytes became %d", len(b), len(got))
		}
		again, err := MendWAV(got)
		if err != nil || !bytes.Equal(got, again) {
			t.Fatalf("mending twice is not mending once: %v", err)
		}
	})
}

func FuzzDecodeWAV(f *testing.F) {
	wavSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		h, err := readWAVHeader(r, int64(len(b)))
		if err != nil {
			return
		}
		d := openWAV(r, h, func() error { return nil })
		if d == nil {
			return // for ffmpeg
		}
		buf, n := make([]float32, 1024), 0
		for {
			k, err := d.ReadSamples(buf)
			n += k
			if err == io.EOF && int64(n) != h.size/int64(h.frame)*int64(h.channels) {
				t.Fatalf("%d samples of %+v", n, h)
			}
			if err != nil {
				return
			}
			if k == 0 || n > len(b) {
				t.Fatalf("read %d, %d samples of %d bytes", k, n, len(b))
			}
		}
	})
}

func wavSeeds(f *testing.F) {
	paths := ffmpegFiles(f, oddSignal, ".wav", map[string][]string{
		"u8": {"-c:a", "pcm_u8", "-t", "0.01"}, "s24": {"-c:a", "pcm_s24le", "-t", "0.01"},
		"f64": {"-c:a", "pcm_f64le", "-t", "0.01"}, "s16": {"-c:a", "pcm_s16le", "-ar", "96000", "-t", "0.01"},
	})
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		b := read(f, paths[name])
		f.Add(b)
		f.Add(b[:len(b)-3])
		binary.LittleEndian.PutUint32(b[4:], math.MaxUint32)
		f.Add(bytes.Clone(b))
	}
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVE"))
}
