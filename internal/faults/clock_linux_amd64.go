package faults

const clockSymbol = "__vdso_clock_gettime"

// asksTheKernel is mov eax, 228 (clock_gettime); syscall; ret.
var asksTheKernel = []byte{0xb8, 228, 0, 0, 0, 0x0f, 0x05, 0xc3}
