#include "textflag.h"

// func strideAVX(dst *float32, step, n int, row, x *float32, taps, phase, whole, part, up int)
//
// AX turns of dotRun a row, BX outputs left, DX the table's length in bytes,
// SI and DI in a row and its input, R8 row, R9 input, R10 phase, R11 up,
// R12 dst, R13 the length of part rows in bytes.
TEXT ·strideAVX(SB), NOSPLIT, $0-80
	MOVQ  dst+0(FP), R12
	MOVQ  n+16(FP), BX
	MOVQ  row+24(FP), R8
	MOVQ  x+32(FP), R9
	MOVQ  taps+40(FP), AX
	MOVQ  phase+48(FP), R10
	MOVQ  up+72(FP), R11
	MOVQ  AX, R13
	IMULQ part+64(FP), R13
	SHLQ  $2, R13
	MOVQ  AX, DX
	IMULQ R11, DX
	SHLQ  $2, DX
	SHRQ  $5, AX

output:
	MOVQ   R8, SI
	MOVQ   R9, DI
	MOVQ   AX, CX
	VXORPS Y0, Y0, Y0
	VXORPS Y5, Y5, Y5

turn:
	// Products and sums are rounded apart, as in dotInGo: no FMA.
	VMOVUPS (SI), Y1
	VMOVUPS 32(SI), Y2
	VMOVUPS 64(SI), Y3
	VMOVUPS 96(SI), Y4
	VMULPS  (DI), Y1, Y1
	VMULPS  32(DI), Y2, Y2
	VMULPS  64(DI), Y3, Y3
	VMULPS  96(DI), Y4, Y4
	VADDPS  Y1, Y0, Y0
	VADDPS  Y2, Y5, Y5
	VADDPS  Y3, Y0, Y0
	VADDPS  Y4, Y5, Y5
	ADDQ    $128, SI
	ADDQ    $128, DI
	DECQ    CX
	JNZ     turn

	VADDPS       Y5, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0 // s[0]+s[4], s[1]+s[5], s[2]+s[6], s[3]+s[7]
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0 // the even two, the odd two
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0
	VMOVSS       X0, (R12)

	// On by down/up: whole frames of input, and part rows.
	MOVQ step+8(FP), CX
	LEAQ (R12)(CX*4), R12
	MOVQ whole+56(FP), CX
	LEAQ (R9)(CX*4), R9
	ADDQ R13, R8
	ADDQ part+64(FP), R10
	CMPQ R10, R11
	JLT  next
	SUBQ R11, R10
	SUBQ DX, R8
	ADDQ $4, R9

next:
	DECQ BX
	JNZ  output
	VZEROUPPER
	RET
