package mp4

import "encoding/binary"

// sample is where one is in the file.
type sample struct {
	at   int64
	size int64
}

// samples finds those of a track by its tables: sizes (ISO/IEC 14496-12,
// section 8.7.3), samples of each chunk (8.7.4) and places of chunks (8.7.5).
// It reads as many as MaxChapters; of damaged tables what leads somewhere.
func samples(table []byte) []sample {
	sizes := find(table, "stsz")
	if len(sizes) < 12 {
		return nil
	}
	same, n := binary.BigEndian.Uint32(sizes[4:]), int(min(binary.BigEndian.Uint32(sizes[8:]), MaxChapters))
	if same == 0 {
		n = min(n, (len(sizes)-12)/4)
	}
	places := box{"stco", find(table, "stco")}
	if places.body == nil {
		places = box{"co64", find(table, "co64")}
	}
	at, err := chunks(places)
	runs := find(table, "stsc")
	if err != nil || len(runs) < 8 {
		return nil
	}
	runs = runs[8:]
	var out []sample
	each := uint32(0) // samples of the chunk
	for i, place := range at {
		for len(runs) >= 12 && binary.BigEndian.Uint32(runs) <= uint32(i+1) {
			each = binary.BigEndian.Uint32(runs[4:])
			runs = runs[12:]
		}
		for range each {
			if len(out) == n {
				return out
			}
			size := same
			if size == 0 {
				size = binary.BigEndian.Uint32(sizes[12+4*len(out):])
			}
			if place > 1<<62 {
				return out
			}
			out = append(out, sample{int64(place), int64(size)})
			place += uint64(size)
		}
	}
	return out
}

// durations are how long each sample lasts (section 8.6.1).
func durations(b []byte) []uint32 {
	if len(b) < 8 {
		return nil
	}
	var out []uint32
	for b = b[8:]; len(b) >= 8; b = b[8:] {
		for range binary.BigEndian.Uint32(b) {
			if len(out) == MaxChapters {
				return out
			}
			out = append(out, binary.BigEndian.Uint32(b[4:]))
		}
	}
	return out
}
