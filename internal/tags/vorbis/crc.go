package vorbis

import "sync"

// crcTable is what each byte adds to the sum.
var crcTable = sync.OnceValue(func() *[256]uint32 {
	const polynomial = 0x04C11DB7
	var table [256]uint32
	for i := range table {
		c := uint32(i) << 24
		for range 8 {
			carry := c >> 31
			c <<= 1
			if carry != 0 {
				c ^= polynomial
			}
		}
		table[i] = c
	}
	return &table
})
