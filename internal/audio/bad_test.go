package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// badAudio makes the sounds that endpoints are known to answer with, from a
// second of a tone of 24 kHz in every form.
type badAudio struct {
	t    *testing.T
	tone []float32
}

const (
	badRate   = 24000
	badFrames = badRate
)

func (a badAudio) pcm() []byte {
	var b []byte
	for _, v := range a.tone {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(v*32767)))
	}
	return b
}

func (a badAudio) wav() []byte {
	b, err := WrapPCM(a.pcm(), "pcm_s16le", badRate, 1)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// sized is a WAV file whose header says sizes that are not true.
func (a badAudio) sized(riff, data uint32) []byte {
	b := a.wav()
	binary.LittleEndian.PutUint32(b[4:], riff)
	binary.LittleEndian.PutUint32(b[40:], data)
	return b
}

// header is a WAV file with another value, of some bytes, in its header.
func (a badAudio) header(at int, value ...byte) []byte {
	b := a.wav()
	copy(b[at:], value)
	return b
}

// float is a WAV file of floating-point samples, the 1000th another.
func (a badAudio) float(v float64) []byte {
	var b []byte
	for i, s := range a.tone {
		if i == 1000 {
			s = float32(v)
		}
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s))
	}
	b, err := WrapPCM(b, "pcm_f32le", badRate, 1)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// by is what ffmpeg makes of the tone with each of the arguments, by the names of the files.
func (a badAudio) by(args map[string][]string) map[string][]byte {
	made := map[string][]byte{}
	for name, path := range ffmpegFiles(a.t, fmt.Sprintf("sine=frequency=440:sample_rate=%d:duration=1,volume=12dB", badRate), "", args) {
		made[name] = read(a.t, path)
	}
	return made
}

// TestBadAudio says of each kind of bad audio whether it is mended, and then
// how many frames come of it, or refused, and then why.
func TestBadAudio(t *testing.T) {
	t.Parallel()
	a := badAudio{t, tone(Format{badRate, 1}, 440, -6, 1)}
	cat := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	half := func(b []byte) []byte { return b[:len(b)/2] }
	chunk := func(id string, n int) []byte {
		b := binary.LittleEndian.AppendUint32([]byte(id), uint32(n))
		return append(b, make([]byte, n)...)
	}
	wav := a.wav()
	by := a.by(map[string][]string{
		"a.mp3":             {"-b:a", "64k"},
		"bare.mp3":          {"-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0"},
		"a.flac":            nil,
		"a.ogg":             {"-c:a", "libvorbis"},
		"a.opus":            {"-c:a", "libopus"},
		"a.m4a":             nil,
		"a.aac":             nil,
		"8 bits.wav":        {"-c:a", "pcm_u8"},
		"24 bits.wav":       {"-c:a", "pcm_s24le"},
		"32 bits.wav":       {"-c:a", "pcm_s32le"},
		"float.wav":         {"-c:a", "pcm_f32le"},
		"double.wav":        {"-c:a", "pcm_f64le"},
		"extensible.wav":    {"-c:a", "pcm_s16le", "-af", "aformat=channel_layouts=FC|FL"},
		"µ-law.wav":         {"-c:a", "pcm_mulaw"},
		"A-law.wav":         {"-c:a", "pcm_alaw"},
		"ADPCM.wav":         {"-c:a", "adpcm_ms"},
		"RF64.wav":          {"-rf64", "always"},
		"six channels.wav":  {"-ac", "6"},
		"an MP3 inside.wav": {"-c:a", "libmp3lame"},
		"a.webm":            {"-c:a", "libopus"},
		"a.aiff":            nil,
	})
	mp3, bare := by["a.mp3"], by["bare.mp3"]
	xing := func(frames uint32) []byte {
		b := bytes.Clone(mp3)
		at := bytes.Index(b, []byte("Xing"))
		if at < 0 {
			at = bytes.Index(b, []byte("Info"))
		}
		binary.BigEndian.PutUint32(b[at+8:], frames)
		return b
	}
	flac, ogg, opus := by["a.flac"], by["a.ogg"], by["a.opus"]
	m4a, aac := by["a.m4a"], by["a.aac"]
	for _, tc := range []struct {
		name    string
		in      []byte
		frames  int    // that are mended to, within a tenth of a second
		refused string // or what the refusal says
	}{
		{"WAV", wav, badFrames, ""},
		{"WAV, sizes 0xFFFFFFFF", a.sized(0xFFFFFFFF, 0xFFFFFFFF), badFrames, ""},
		{"WAV, sizes 0x7FFFFFFF", a.sized(0x7FFFFFFF, 0x7FFFFFFF), badFrames, ""},
		{"WAV, sizes 0x7FFFF000", a.sized(0x7FFFF024, 0x7FFFF000), badFrames, ""},
		{"WAV, size 2000000000", a.sized(2000000036, 2000000000), badFrames, ""},
		{"WAV, sizes 0", a.sized(0, 0), badFrames, ""},
		{"WAV, size too small", a.sized(36, 20000), 0, "behind its samples are no chunk"},
		{"WAV, LIST in front", cat(wav[:36], chunk("LIST", 26), wav[36:]), badFrames, ""},
		{"WAV, odd chunk in front", cat(wav[:36], chunk("JUNK", 27), []byte{0}, wav[36:]), badFrames, ""},
		{"WAV, LIST behind", cat(wav, chunk("LIST", 26)), badFrames, ""},
		{"WAV, chunk before its format", cat(wav[:12], chunk("bext", 602), wav[12:]), badFrames, ""},
		{"WAV, of 44 bytes", wav[:44], 0, ""},
		{"WAV, of 44 bytes, size 0", a.sized(36, 0)[:44], 0, ""},
		{"WAV, no samples chunk", wav[:36], 0, "WAV file without samples"},
		{"WAV, half a header", wav[:20], 0, "16 are the least"},
		{"WAV, odd byte count", wav[:len(wav)-1], 0, "cut off inside a frame"},
		{"WAV, cut by the server", half(wav), badFrames / 2, ""}, // its sizes say so; streams lie alike
		{"WAV, two joined", cat(wav, wav), 0, "another WAV file"},
		{"WAV, two joined, sizes unknown", cat(a.sized(0xFFFFFFFF, 0xFFFFFFFF), a.sized(0xFFFFFFFF, 0xFFFFFFFF)), 0, "another WAV file"},
		{"WAV, 8 bits", by["8 bits.wav"], badFrames, ""},
		{"WAV, 24 bits", by["24 bits.wav"], badFrames, ""},
		{"WAV, 32 bits", by["32 bits.wav"], badFrames, ""},
		{"WAV, float", by["float.wav"], badFrames, ""},
		{"WAV, double", by["double.wav"], badFrames, ""},
		{"WAV, extensible", by["extensible.wav"], badFrames, ""},
		{"WAV, µ-law", by["µ-law.wav"], badFrames, ""},
		{"WAV, A-law", by["A-law.wav"], badFrames, ""},
		{"WAV, ADPCM", by["ADPCM.wav"], badFrames, ""},
		{"WAV, RF64", by["RF64.wav"], badFrames, ""},
		{"WAV, six channels", by["six channels.wav"], badFrames, ""},
		{"WAV, an MP3 inside", by["an MP3 inside.wav"], badFrames, ""},
		{"WAV, no channels", a.header(22, 0, 0), 0, "0 channels"},
		{"WAV, no rate", a.header(24, 0, 0, 0, 0), 0, "sample rate of 0 Hz"},
		{"WAV, rate beyond belief", a.header(24, 0xFF, 0xFF, 0xFF, 0xFF), 0, "sample rate of 4294967295 Hz"},
		{"WAV, frames of no bytes", a.header(32, 0, 0), 0, "0 bytes a frame"},
		{"WAV, a format nobody knows", a.header(20, 0x99, 0x99), 0, "ffmpeg"},
		{"WAV, NaN", a.float(math.NaN()), 0, "not audio"},
		{"WAV, infinite", a.float(math.Inf(-1)), 0, "not audio"},
		{"WAV, 1e30", a.float(1e30), 0, "not audio"},
		{"WAV, above full scale", a.float(3), badFrames, ""},
		{"PCM without a header", a.pcm(), 0, "no audio that is known"},
		{"PCM that begins like MPEG", cat([]byte{0xFF, 0xFB, 0x90, 0x64}, a.pcm()), 0, "Invalid data"},
		{"nothing", nil, 0, "no audio that is known"},
		{"HTML", []byte("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"), 0, `start with "<!DOCTYPE`},
		{"JSON", []byte(`{"error":{"message":"quota"}}`), 0, `start with "{\"error`},
		{"text", []byte("Internal Server Error"), 0, "no audio that is known"},
		{"MP3", mp3, badFrames, ""},
		{"MP3, ID3 in front and behind", cat([]byte("ID3\x04\x00\x00\x00\x00\x10\x00"), make([]byte, 2048), mp3, []byte("TAG"), make([]byte, 125)), badFrames, ""},
		{"MP3, only ID3", cat([]byte("ID3\x04\x00\x00\x00\x00\x10\x00"), make([]byte, 2048)), 0, "ffmpeg"},
		{"MP3, no Xing frame", bare, badFrames, ""},
		{"MP3, cut inside a frame", bare[:len(bare)/2+13], badFrames / 2, ""},
		{"MP3, cut, its tag says so", half(mp3), 0, "frames that it counts"},
		{"MP3, Xing counts too few", xing(10), badFrames, ""},
		{"MP3, Xing counts too many", xing(5000), 0, "frames that it counts"},
		{"MP3, two joined", cat(mp3, mp3), 2 * badFrames, ""},
		{"MP3, two joined, no tags", cat(bare, bare), 2 * badFrames, ""},
		{"MP3, garbage inside", cat(half(bare), bytes.Repeat([]byte{0x55}, 700), bare[len(bare)/2:]), badFrames, ""},
		{"MP3, one frame", bare[:192], 576, ""},
		{"MP3, labelled WAV", mp3, badFrames, ""}, // labels are not asked
		{"FLAC", flac, badFrames, ""},
		{"Ogg Vorbis", ogg, badFrames, ""},
		{"Ogg Opus", opus, 2 * badFrames, ""}, // always 48 kHz
		{"M4A", m4a, badFrames, ""},
		{"AAC", aac, badFrames, ""},
		{"WebM", by["a.webm"], 2 * badFrames, ""},
		{"AIFF", by["a.aiff"], badFrames, ""},
		{"M4A, cut", half(m4a), 0, "ffmpeg"},
		{"FLAC, cut", half(flac), 0, "cut off"},
		{"Ogg Vorbis, cut", half(ogg), 0, "cut off"},
		{"Ogg Opus, cut", half(opus), 0, "cut off"},
		{"FLAC, header alone", flac[:60], 0, "ffmpeg"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeAll(t, tc.in)
			if tc.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tc.refused) {
					t.Errorf("%d frames, %v; want it refused: %q", got, err, tc.refused)
				}
				return
			}
			if err != nil || math.Abs(float64(got-tc.frames)) > 4000 {
				t.Errorf("%d frames, %v; want %d", got, err, tc.frames)
			}
		})
	}
}

// decodeAll is how many frames come of b.
func decodeAll(t *testing.T, b []byte) (frames int, err error) {
	d, err := Decode(t.Context(), b)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	a, err := Analyse(d, -60)
	if err != nil {
		return 0, err
	}
	return int(a.Frames), nil
}

func FuzzWhole(f *testing.F) {
	f.Add([]byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02ab"))
	f.Add([]byte("OggS"))
	wavSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := wholeOgg(b); err != nil && !errors.Is(err, ErrTruncated) {
			t.Error(err)
		}
		if h, err := readWAVHeader(bytes.NewReader(b), int64(len(b))); err == nil {
			_ = h.heard(b)
		}
	})
}
