package mp3

import (
	"math/rand/v2"
	"testing"
)

func TestChecksumsJoin(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		b := make([]byte, r.IntN(3000))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		at := r.IntN(len(b) + 1)
		if got, want := crcJoin(CRC(b[:at]), CRC(b[at:]), int64(len(b)-at)), CRC(b); got != want {
			t.Fatalf("%d bytes cut at %d: %04x, want %04x", len(b), at, got, want)
		}
	}
	// The check value of CRC-16/ARC.
	if got := CRC([]byte("123456789")); got != 0xBB3D {
		t.Errorf("%04x, want bb3d", got)
	}
}
