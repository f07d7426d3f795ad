// Package master answers what the listener hears: it renders a timeline
// (decode, resample, gain, fades, sum), brings it to the target loudness under
// a true-peak ceiling, and encodes it. Sound flows through in short stretches;
// memory does not grow with the episode.
//
// The timeline is rendered twice, once to measure and once to encode:
// rendering is far cheaper than encoding, and needs no room for samples.
package master
