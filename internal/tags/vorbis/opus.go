package vorbis

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The first bytes of the two packets before the sound (RFC 7845, sections 5.1
// and 5.2).
const (
	opusHead = "OpusHead"
	opusTags = "OpusTags"
)

// WriteOpus copies an Opus file from r to w with the comments of the tag in
// place of its own. Of comments and pages it holds one packet at a time.
func WriteOpus(w io.Writer, r io.Reader, t *Tag) error {
	chapters, err := t.check()
	if err != nil {
		return err
	}
	in := &pages{r: r}
	head, err := opusBegins(in)
	if err != nil {
		return err
	}
	if _, err := w.Write(head.append(nil)); err != nil {
		return err
	}
	serial, number := head.serial, head.number
	packet, last, err := opusComments(in, serial)
	if err != nil {
		return err
	}
	vendor, _, err := parseComments(packet[len(opusTags):])
	if err != nil {
		return err
	}
	comments := t.comments(chapters)
	if len(t.Cover) > 0 {
		comments = append(comments, pictureComment(t.Cover))
	}
	buf := make([]byte, 0, mostPage)
	made := paginate(appendComments([]byte(opusTags), vendor, comments), serial, number+1)
	for i := range made {
		if _, err := w.Write(made[i].append(buf)); err != nil {
			return err
		}
	}
	// Every later page has another place than before.
	shift := number + uint32(len(made)) - last
	for {
		p, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.serial == serial {
			p.number += shift
		}
		if _, err := w.Write(p.append(buf)); err != nil {
			return err
		}
	}
}

// opusBegins reads the first page.
func opusBegins(in *pages) (page, error) {
	head, err := in.next()
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, ErrBroken):
		return page{}, ErrFormat
	case err != nil:
		return page{}, err
	case head.flags&flagFirst == 0 || !bytes.HasPrefix(head.body, []byte(opusHead)):
		return page{}, fmt.Errorf("%w: an Ogg stream of something else", ErrFormat)
	}
	return head, nil
}

// opusComments reads the packet of comments, and the number of the page that it
// ends on. It ends its page (RFC 7845, section 3).
func opusComments(in *pages, serial uint32) (packet []byte, last uint32, err error) {
	for {
		p, err := in.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, 0, fmt.Errorf("%w: it has no comments", ErrBroken)
		case err != nil:
			return nil, 0, err
		case p.serial != serial:
			return nil, 0, fmt.Errorf("%w: several streams in one", ErrFormat)
		}
		packet = append(packet, p.body...)
		switch ends := len(p.segments) > 0 && p.segments[len(p.segments)-1] < mostSegment; {
		case len(packet) >= len(opusTags) && !bytes.HasPrefix(packet, []byte(opusTags)):
			return nil, 0, fmt.Errorf("%w: it has no comments", ErrBroken)
		case ends && len(packet) < len(opusTags):
			return nil, 0, fmt.Errorf("%w: it has no comments", ErrBroken)
		case ends:
			return packet, p.number, nil
		case len(packet) > maxComments:
			return nil, 0, fmt.Errorf("%w: its comments are larger than %d MiB", ErrBroken, maxComments>>20)
		}
	}
}

func readOpus(r io.Reader) (*Tag, error) {
	in := &pages{r: r}
	head, err := opusBegins(in)
	if err != nil {
		return nil, err
	}
	packet, _, err := opusComments(in, head.serial)
	if err != nil {
		return nil, err
	}
	_, comments, err := parseComments(packet[len(opusTags):])
	if err != nil {
		return nil, err
	}
	t := &Tag{}
	t.take(comments)
	return t, nil
}
