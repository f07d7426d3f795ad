package vorbis

import (
	"bytes"
	"testing"
)

// TestPaginate lays comments with a picture on several pages: each but the first goes on
// with what was begun (RFC 3533, section 6, field 3), and the packet ends on the last.
func TestPaginate(t *testing.T) {
	t.Parallel()
	const full = mostSegs * mostSegment
	for size, want := range map[int]int{0: 1, 1: 1, mostSegment: 1, full - 1: 1, full: 2, full + 1: 2, 3*full - 1: 3} {
		packet := bytes.Repeat([]byte("comment"), size/7+1)[:size]
		pages := paginate(packet, 7, 1)
		if len(pages) != want {
			t.Errorf("%d bytes are on %d pages, want %d", size, len(pages), want)
			continue
		}
		var body []byte
		for i, p := range pages {
			sum := 0
			for _, s := range p.segments {
				sum += int(s)
			}
			last := i == len(pages)-1
			if (p.flags == flagContinued) != (i > 0) || (p.position == noPosition) == last || p.serial != 7 || p.number != uint32(1+i) || sum != len(p.body) {
				t.Errorf("%d bytes, page %d: flags %d, position %d, number %d, %d bytes in segments of %d", size, i, p.flags, p.position, p.number, len(p.body), sum)
			}
			if ends := p.segments[len(p.segments)-1] < mostSegment; ends != last {
				t.Errorf("%d bytes: page %d ends the packet: %v", size, i, ends)
			}
			body = append(body, p.body...)
		}
		if !bytes.Equal(body, packet) {
			t.Errorf("of %d bytes %d are on the pages", size, len(body))
		}
	}
}
