// Package audio answers what a sound is, sample by sample: it decodes,
// resamples, measures, limits and encodes. It knows nothing of podcasts.
//
// Everything flows through [Source], which has the manners of an io.Reader, so
// an error cannot be forgotten and memory does not grow with the length of the
// sound. Samples are float32, interleaved, full scale ±1; a frame is one sample
// a channel. No value of this package but a [Resampler] is safe for concurrent
// use; different values may be used from different goroutines. The same input gives the same
// samples, and the same bytes, on one machine.
//
// # Who decodes what
//
// Takes are small and many, so they are decoded in this process: integer WAV
// by go-audio/wav behind this package's own reader of chunks (sizes in the
// header lie, see [MendWAV]), floating-point WAV by this package, MP3 by
// go-mp3. Tracks are long and few: [DecodeFile] gives everything but plain WAV
// to ffmpeg, which decodes MP3 thirteen times as fast as go-mp3 but takes
// 0.1 s to start. What the in-process decoders cannot do goes to ffmpeg.
package audio
