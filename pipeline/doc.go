// Package pipeline answers how a source becomes an episode: it knows the order
// of the stages, and nothing else does.
//
//	source ─read─▶ Document ─script─▶ Script ─record─▶ Takes ─mix─▶ Timeline ─master─▶ Master ─publish─▶ files
//
// Every expensive result is kept under the hash of what made it: an episode is
// a build. Running the same order again asks nothing of any endpoint, and
// gives the same bytes.
package pipeline
