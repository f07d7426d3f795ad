// Package mix answers where each sound stands: it lays takes, pauses and
// tracks on a [Timeline]. It is pure arithmetic in frames of the episode's
// sample rate; no audio is touched.
//
// Music that goes down under voices does so by the cues, in the envelopes of
// its clips.
//
// Every spoken clip starts on a multiple of [Grid] frames, with at least two
// MPEG frames of digital silence before it where no music sounds, so that the
// episode can be cut there and the timeline stays true whatever the encoder
// does.
package mix
