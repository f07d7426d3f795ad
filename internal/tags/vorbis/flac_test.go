package vorbis

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// flacFile is a file of metadata blocks of these kinds and of no sound, the last
// block marked as that.
func flacFile(kinds ...byte) []byte {
	b := []byte(flacMarker)
	for i, kind := range kinds {
		if i == len(kinds)-1 {
			kind |= blockLast
		}
		b = appendBlock(b, kind, make([]byte, 34))
	}
	return b
}

// TestFLACBlocks has the first block, and no other, describe the stream (RFC 9639,
// section 8.2), and the kind 127 be none.
func TestFLACBlocks(t *testing.T) {
	t.Parallel()
	const application, unknown = 2, 9
	for _, tt := range []struct {
		name string
		file []byte
		kept []byte // kinds of the blocks that are written; nil: it is refused
	}{
		{"the stream alone", flacFile(blockStreamInfo), []byte{blockStreamInfo, blockComment}},
		{"what others know is kept, padding is not", flacFile(blockStreamInfo, application, blockPadding, unknown), []byte{blockStreamInfo, application, unknown, blockComment}},
		{"no stream first", flacFile(application, blockStreamInfo), nil},
		{"two streams", flacFile(blockStreamInfo, blockStreamInfo), nil},
		{"a forbidden kind", flacFile(blockStreamInfo, blockForbidden), nil},
		{"cut in a block's head", flacFile(blockStreamInfo, application)[:44], nil},
		{"cut in a block", flacFile(blockStreamInfo)[:41], nil},
		{"no last block", appendBlock([]byte(flacMarker), blockStreamInfo, make([]byte, 34)), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := WriteFLAC(&out, bytes.NewReader(tt.file), &Tag{Title: "A"})
			if tt.kept == nil {
				if !errors.Is(err, ErrBroken) {
					t.Errorf("%v, want %v", err, ErrBroken)
				}
				return
			}
			var kinds []byte
			if err == nil {
				err = flacBlocks(bytes.NewReader(out.Bytes()), func(kind byte, _ []byte) error {
					kinds = append(kinds, kind)
					return nil
				})
			}
			if err != nil || !slices.Equal(kinds, tt.kept) {
				t.Errorf("blocks of the kinds %v (%v), want %v", kinds, err, tt.kept)
			}
		})
	}
}

// TestFLACMost has comments that a block's 24 bits of size just hold, and one byte more.
func TestFLACMost(t *testing.T) {
	t.Parallel()
	file := flacFile(blockStreamInfo)
	write := func(size int) error {
		return WriteFLAC(io.Discard, bytes.NewReader(file), &Tag{Title: strings.Repeat("a", size)})
	}
	const most = 1<<24 - 1 // bytes (RFC 9639, section 8.1)
	room := most - len(appendComments(nil, "", (&Tag{Title: "a"}).comments(nil))) + 1
	if err := write(room); err != nil {
		t.Errorf("a block of %d bytes: %v", most, err)
	}
	if err := write(room + 1); err == nil || !strings.Contains(err.Error(), "16 MiB") {
		t.Errorf("a block of %d bytes: %v", most+1, err)
	}
}

// TestFLACDisk has the cause of a failing disk be told, not that the file is broken.
func TestFLACDisk(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk does not answer")
	file := flacFile(blockStreamInfo)
	for from := range len(file) + 1 {
		r := io.MultiReader(bytes.NewReader(file[:from]), failing{cause})
		if err := WriteFLAC(io.Discard, r, &Tag{}); !errors.Is(err, cause) {
			t.Errorf("from byte %d on: %v", from, err)
		}
	}
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
