// Package voicetest answers what happens when an endpoint misbehaves: a real
// HTTP server with OpenAI's interface, or another provider's, that really
// speaks, through a local engine, and does every wrong thing that servers have
// been seen to do, on demand.
//
// It serves tests, and narrapress voices serve. The contract that every
// synthesizer keeps is in the package contract.
package voicetest
