package riff_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/tags/riff"
)

// rf64 is a file whose ds64 says that the sound has long bytes, and whose data
// chunk says that it has short; sound are those that are there.
func rf64(long uint64, short uint32, sound int) []byte {
	sizes := make([]byte, 28)
	le.PutUint64(sizes[8:], long)
	b := slices.Concat([]byte("WAVE"), chunk("ds64", sizes...), format(), []byte("data"), le.AppendUint32(nil, short), make([]byte, sound))
	return append([]byte("RF64\xff\xff\xff\xff"), b...)
}

// TestSizes has a file of RF64 or RIFF say in both places how long its sound is: that
// of ds64 counts where the chunk's own is unknown, and in RF64 alone (EBU Tech 3306).
func TestSizes(t *testing.T) {
	t.Parallel()
	const unknown = 1<<32 - 1
	disguised := rf64(100, unknown, 100)
	copy(disguised, "RIFF")
	for _, tt := range []struct {
		name   string
		file   []byte
		frames int64 // 0: it is refused
	}{
		{"in ds64", rf64(100, unknown, 100), 50},
		{"in the chunk", rf64(0, 100, 100), 50},
		{"in both, and they differ", rf64(40, 100, 100), 50},
		{"more than there is", rf64(101, unknown, 100), 0},
		{"beyond what a number holds", rf64(1<<64-1, unknown, 100), 0},
		{"RIFF has no ds64", disguised, 0},
	} {
		tag, err := riff.Read(bytes.NewReader(tt.file), int64(len(tt.file)))
		switch {
		case tt.frames == 0:
			if !errors.Is(err, riff.ErrBroken) {
				t.Errorf("%s: %+v (%v), want %v", tt.name, tag, err, riff.ErrBroken)
			}
		case err != nil || tag.Frames != tt.frames:
			t.Errorf("%s: %+v (%v), want %d frames", tt.name, tag, err, tt.frames)
		}
	}
}

// TestManyChunks has a file be refused for the number of its chunks, and not read to
// its end.
func TestManyChunks(t *testing.T) {
	t.Parallel()
	const most = 4096
	file := func(chunks int) []byte {
		return wav(10, bytes.Repeat(chunk("none"), chunks-3)) // beside room for sizes, format and sound
	}
	if b := file(most); len(write(t, b, &riff.Tag{Title: "a"})) == 0 {
		t.Errorf("%d chunks were too many", most)
	}
	b := file(most + 1)
	if _, err := riff.Read(bytes.NewReader(b), int64(len(b))); !errors.Is(err, riff.ErrBroken) {
		t.Errorf("of %d chunks: %v", most+1, err)
	}
}

// failingReader fails from a place on.
type failingReader struct {
	file []byte
	from int
}

var errDisk = errors.New("the disk does not answer")

func (f failingReader) ReadAt(b []byte, at int64) (int, error) {
	n := copy(b, f.file[min(int(at), f.from):f.from])
	if n < len(b) {
		return n, errDisk
	}
	return n, nil
}

// TestDiskFails wants the cause wherever in a file the disk fails, but within the
// sound, which is not read for the tag.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	tag := riff.Tag{Title: "A title", Comment: "Some words."}
	file := write(t, wav(0), &tag)
	for from := range len(file) - 1 {
		if _, err := riff.Read(failingReader{file, from}, int64(len(file))); !errors.Is(err, errDisk) {
			t.Errorf("from byte %d of %d on: %v", from, len(file), err)
		}
	}
}

// TestLargeChunk has a chunk beside the sound that is too large to be read: the rest is.
func TestLargeChunk(t *testing.T) {
	t.Parallel()
	small := write(t, wav(10), &riff.Tag{Title: "A title"})
	const size = 64<<20 + 2
	l := &large{head: slices.Concat(small, []byte("id3 "), le.AppendUint32(nil, size)), zero: size}
	tag, err := riff.Read(l, l.size())
	if err != nil || tag.Title != "A title" || tag.ID3 != nil {
		t.Errorf("%d bytes of ID3, title %q, %v", len(tag.ID3), tag.Title, err)
	}
}

// TestCuesOfOthers reads cue points that have no lengths, in any order: a chapter lasts
// until the next begins, the last to the end.
func TestCuesOfOthers(t *testing.T) {
	t.Parallel()
	cues, names := le.AppendUint32(nil, 3), []byte("adtl")
	for i, frame := range []uint32{rate, 0, 3 * rate} {
		id := uint32(i + 1)
		cues = append(le.AppendUint32(le.AppendUint32(cues, id), frame), "data"...)
		cues = le.AppendUint32(append(cues, make([]byte, 8)...), frame)
		names = append(names, chunk("labl", append(le.AppendUint32(nil, id), "Two\x00One\x00End\x00"[4*i:4*i+4]...)...)...)
	}
	file := wav(2*5*rate, chunk("cue ", cues...), chunk("LIST", names...))
	tag, err := riff.Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	want := []riff.Chapter{{Title: "One", End: time.Second}, {Title: "Two", Start: time.Second, End: 3 * time.Second}, {Title: "End", Start: 3 * time.Second, End: 5 * time.Second}}
	if !slices.Equal(tag.Chapters, want) {
		t.Errorf("%+v, want %+v", tag.Chapters, want)
	}
}
