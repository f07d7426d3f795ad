package vorbis

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

const flacMarker = "fLaC" // RFC 9639, section 6

// The kinds of metadata blocks (RFC 9639, section 8.1, table 2).
const (
	blockStreamInfo = 0
	blockPadding    = 1
	blockComment    = 4
	blockPicture    = 6
	blockForbidden  = 127

	blockLast = 0x80      // flag of the last one
	mostBlock = 1<<24 - 1 // bytes
)

// WriteFLAC copies a FLAC file from r to w with the comments and the cover of
// the tag in place of its own. Padding is left out.
func WriteFLAC(w io.Writer, r io.Reader, t *Tag) error {
	chapters, err := t.check()
	if err != nil {
		return err
	}
	comments := t.comments(chapters)
	vendor := ""
	var kept [][]byte // whole blocks
	sum := 0
	err = flacBlocks(r, func(kind byte, body []byte) error {
		switch kind {
		case blockComment:
			vendor, _, err = parseComments(body)
			return err
		case blockPadding, blockPicture:
			return nil
		}
		if sum += len(body); sum > maxComments {
			return fmt.Errorf("%w: its metadata is larger than %d MiB", ErrBroken, maxComments>>20)
		}
		kept = append(kept, appendBlock(nil, kind, body))
		return nil
	})
	if err != nil {
		return err
	}
	list := appendComments(nil, vendor, comments)
	if len(list) > mostBlock {
		return fmt.Errorf("the comments are %d MiB; a FLAC file holds less than 16 MiB", len(list)>>20)
	}
	kept = append(kept, appendBlock(nil, blockComment, list))
	if len(t.Cover) > 0 {
		kept = append(kept, appendBlock(nil, blockPicture, appendPicture(nil, t.Cover)))
	}
	kept[len(kept)-1][0] |= blockLast
	out := bufio.NewWriterSize(w, 64<<10)
	out.WriteString(flacMarker)
	for _, b := range kept {
		out.Write(b) // its first error comes again below
	}
	if _, err := out.ReadFrom(r); err != nil {
		return err
	}
	return out.Flush()
}

func appendBlock(b []byte, kind byte, body []byte) []byte {
	n := len(body)
	b = append(b, kind, byte(n>>16), byte(n>>8), byte(n))
	return append(b, body...)
}

// flacBlocks reads the metadata of a file and leaves r where its sound begins.
func flacBlocks(r io.Reader, each func(kind byte, body []byte) error) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:]) != flacMarker {
		return orFormat(err)
	}
	for first := true; ; first = false {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return cutShort(err)
		}
		kind, last := head[0]&^blockLast, head[0]&blockLast != 0
		if kind == blockForbidden || first != (kind == blockStreamInfo) {
			return fmt.Errorf("%w: a metadata block of kind %d out of place", ErrBroken, kind)
		}
		size := int64(head[1])<<16 | int64(head[2])<<8 | int64(head[3])
		var body bytes.Buffer // it grows with what is there, not with what the head says
		if n, err := io.Copy(&body, io.LimitReader(r, size)); err != nil || n < size {
			return cutShort(err)
		}
		if err := each(kind, body.Bytes()); err != nil || last {
			return err
		}
	}
}

func orFormat(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return ErrFormat
}

func cutShort(err error) error {
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return fmt.Errorf("%w: it ends inside its metadata", ErrBroken)
}

func readFLAC(r io.Reader) (*Tag, error) {
	t := &Tag{}
	var all []string
	err := flacBlocks(r, func(kind byte, body []byte) error {
		switch kind {
		case blockComment:
			_, comments, err := parseComments(body)
			all = append(all, comments...)
			return err
		case blockPicture:
			if t.Cover == nil {
				t.Cover = picture(body)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.take(all)
	return t, nil
}

// Read reads the tag of an Opus or a FLAC file, and of r no more than what
// comes before the sound.
func Read(r io.Reader) (*Tag, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	switch head, _ := in.Peek(4); string(head) {
	case "OggS":
		return readOpus(in)
	case flacMarker:
		return readFLAC(in)
	}
	return nil, ErrFormat
}
