package vorbis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A page of an Ogg stream (RFC 3533, section 6).
const (
	pageHead    = 27  // bytes before the table of segments
	mostSegs    = 255 // segments of a page
	mostSegment = 255 // bytes of a segment; a packet ends with one that is shorter
	mostPage    = pageHead + mostSegs + mostSegs*mostSegment

	flagContinued = 1 // the page begins inside a packet
	flagFirst     = 2

	noPosition = ^uint64(0) // no packet ends on the page
)

type page struct {
	flags    byte
	position uint64
	serial   uint32
	number   uint32
	segments []byte
	body     []byte
}

// pages reads pages one behind the other. What next gives is valid until the
// next one.
type pages struct {
	r   io.Reader
	buf [mostPage]byte
}

// next is the next page; at the end of the stream it is io.EOF.
func (p *pages) next() (page, error) {
	head := p.buf[:pageHead]
	if _, err := io.ReadFull(p.r, head); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: it ends inside a page", ErrBroken)
		}
		return page{}, err
	}
	if string(head[:4]) != "OggS" || head[4] != 0 {
		return page{}, fmt.Errorf("%w: there is no page where one should begin", ErrBroken)
	}
	segments := p.buf[pageHead : pageHead+int(head[26])]
	if _, err := io.ReadFull(p.r, segments); err != nil {
		return page{}, inside(err)
	}
	size := 0
	for _, s := range segments {
		size += int(s)
	}
	at := pageHead + len(segments)
	body := p.buf[at : at+size]
	if _, err := io.ReadFull(p.r, body); err != nil {
		return page{}, inside(err)
	}
	le := binary.LittleEndian
	return page{
		flags: head[5], position: le.Uint64(head[6:]), serial: le.Uint32(head[14:]), number: le.Uint32(head[18:]),
		segments: segments, body: body,
	}, nil
}

func inside(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends inside a page", ErrBroken)
	}
	return err
}

// append writes the page with its sum.
func (p *page) append(b []byte) []byte {
	at := len(b)
	b = append(b, 'O', 'g', 'g', 'S', 0, p.flags)
	b = binary.LittleEndian.AppendUint64(b, p.position)
	b = binary.LittleEndian.AppendUint32(b, p.serial)
	b = binary.LittleEndian.AppendUint32(b, p.number)
	b = append(b, 0, 0, 0, 0, byte(len(p.segments))) // the sum is of the page with 0 in its place
	b = append(b, p.segments...)
	b = append(b, p.body...)
	binary.LittleEndian.PutUint32(b[at+22:], checksum(b[at:]))
	return b
}

// paginate lays a packet on pages of its own, from number on: a page on which
// it does not end has no position (RFC 7845, section 4).
func paginate(packet []byte, serial, number uint32) []page {
	var out []page
	for first := true; ; first = false {
		p := page{serial: serial, number: number + uint32(len(out)), position: noPosition}
		if !first {
			p.flags = flagContinued
		}
		n := min(len(packet), mostSegs*mostSegment)
		p.body, packet = packet[:n], packet[n:]
		for ; n >= mostSegment; n -= mostSegment {
			p.segments = append(p.segments, mostSegment)
		}
		ended := len(p.segments) < mostSegs
		if ended {
			p.segments, p.position = append(p.segments, byte(n)), 0
		}
		out = append(out, p)
		if ended {
			return out
		}
	}
}

// checksum is the CRC of a page: the polynomial 0x04C11DB7, not reflected, from
// 0 (RFC 3533, section 6, field 7). hash/crc32 has the reflected one only.
func checksum(b []byte) uint32 {
	table := crcTable()
	var c uint32
	for _, v := range b {
		c = c<<8 ^ table[byte(c>>24)^v]
	}
	return c
}
