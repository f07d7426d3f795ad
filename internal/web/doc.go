// Package web answers whoever asks a running narrapress by HTTP: apps for a
// show's feed and its episodes, a person for how the runs stand, other programs
// for numbers and for whether it lives.
//
// Of an output folder nothing is served but what is published: files that the
// manifest of a listed episode names, the feed with its pages, and covers. Feed
// and files are for everybody; status and metrics need the token, or a browser
// of this machine (see access).
package web
