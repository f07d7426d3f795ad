// Package fetch answers what stands at an address of the web. It is the only
// way that documents, feeds and images come in from there, and it believes
// neither the server nor the address: what a text or a redirect points to may
// be the machine's own services or those of its network.
//
// So only http and https are spoken; the address that a name resolves to is
// checked when it is dialled, after the resolver has answered, and again for
// every redirect; the body has a bound on its decoded size, its total time and
// its silence. A host that a person named may be a private one.
//
// A Client is safe for concurrent use.
package fetch
