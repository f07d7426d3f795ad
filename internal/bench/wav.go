package main

import (
	"bytes"
	"encoding/binary"
	"os"
)

// wavHeader is how long the header of a file of ours is.
const wavHeader = 44

// writeWAV writes samples of 16 bits.
func writeWAV(file string, pcm []byte, rate, channels int) error {
	var b bytes.Buffer
	b.WriteString("RIFF")
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a buffer takes everything
	put(uint32(wavHeader - 8 + len(pcm)))
	b.WriteString("WAVEfmt ")
	put(uint32(16))
	put([]uint16{1, uint16(channels)}) // 1: PCM
	put([]uint32{uint32(rate), uint32(rate * channels * 2)})
	put([]uint16{uint16(channels * 2), 16})
	b.WriteString("data")
	put(uint32(len(pcm)))
	b.Write(pcm)
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// readWAV is the samples of a file that writeWAV wrote.
func readWAV(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return b[wavHeader:], nil
}
