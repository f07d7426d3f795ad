package mp3

// The checksums of the Info frame are x¹⁶+x¹⁵+x²+1, reflected, from 0 ("MP3
// Info Tag rev 1").
const crcPoly = 0xA001

// crcTable is the checksum of each byte.
var crcTable = func() (t [256]uint16) {
	for i := range t {
		v := uint16(i)
		for range 8 {
			v = v>>1 ^ crcPoly*(v&1)
		}
		t[i] = v
	}
	return t
}()

// CRC is the checksum of b.
func CRC(b []byte) uint16 {
	var crc uint16
	for _, v := range b {
		crc = crc>>8 ^ crcTable[byte(crc)^v]
	}
	return crc
}

// crcJoin is the checksum of two pieces one behind the other, by theirs and
// the length of the second in bytes: a checksum that begins with 0 is linear,
// and to pass over n bytes is to multiply by x to the 8n.
func crcJoin(a, b uint16, n int64) uint16 {
	power := uint16(crcByte)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			a = crcTimes(a, power)
		}
		power = crcTimes(power, power)
	}
	return a ^ b
}

// crcByte is x to the 8 with its bits reflected, as everything here.
const crcByte = 1 << (15 - 8)

// crcTimes is the product of two polynomials modulo crcPoly.
func crcTimes(a, b uint16) uint16 {
	var product uint16
	for ; a != 0; a <<= 1 { // from the coefficient of 1 up
		if a&0x8000 != 0 {
			product ^= b
		}
		b = b>>1 ^ crcPoly*(b&1) // times x
	}
	return product
}
