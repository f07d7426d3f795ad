// Package voices answers who speaks, and how it is asked: voices and the
// roles they are cast in, the endpoints they live at, and the synthesizers
// that ask an endpoint for speech and give up, wait or ask again as its
// answers say.
//
// A take is paid for once: it is kept in a [Store] under a key made of what
// makes it sound as it does, and the first one stored wins.
//
// The wrapper order, from the outside: store, check, retry, breaker, limit,
// meter, log, transport. A hit costs nothing, a back-off sleep holds no slot, an
// answer holds one until it is stored, and requests in flight with the same key are
// one.
package voices
