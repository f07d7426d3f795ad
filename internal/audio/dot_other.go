//go:build !amd64

package audio

func dot(h, x []float32) float32 { return dotInGo(h, x) }
