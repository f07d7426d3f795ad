// Package markup answers how a document is written as HTML, in two ways. A
// page, for looking and for reading again, says all that was read, as it was
// read. An article, for a page that others open, holds nothing that they did
// not mean to load or to run: it knows a fixed set of tags, its links lead to
// the web, to an address for mail or to a place in itself, and it says which of
// its words belong to which segment.
package markup
