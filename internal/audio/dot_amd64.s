#include "textflag.h"

// func dotAVX(h, x *float32, n int) float32
TEXT ·dotAVX(SB), NOSPLIT, $0-28
	MOVQ   h+0(FP), SI
	MOVQ   x+8(FP), DI
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y5, Y5, Y5
	SHRQ   $5, CX            // turns of dotRun

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
	VADDPS       X1, X0, X0  // s[0]+s[4], s[1]+s[5], s[2]+s[6], s[3]+s[7]
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0  // the even two, the odd two
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET
