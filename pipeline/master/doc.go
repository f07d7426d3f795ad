// Package master answers what the listener hears: it renders a timeline
// (decode, resample, gain, fades, sum), brings it to the target loudness under
// a true-peak ceiling, and encodes it.
//
// It does so block by block. A block is a stretch of the timeline between two
// places where the sound is digital silence, as it is in every pause; it is
// mastered and encoded on its own, whatever stands before and behind it, and
// kept under the hash of what made it. So blocks are made on every core, an
// edit makes only those it touched, and memory does not grow with the episode.
// Where music goes on without a pause, blocks overlap.
//
// The loudness of the whole is known before anything is rendered, from the
// energies of its sounds, and after it from those of its blocks, each of which
// is decoded and measured once, when it is encoded.
package master
