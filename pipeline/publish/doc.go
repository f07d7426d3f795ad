// Package publish answers how a finished episode becomes files: the tagged
// MP3, the chapters file, the manifest that says how it was made, and the
// facts of the run that made it.
//
// Each publisher stands alone: it takes plain data and a path, writes beside
// that path, and renames. The manifest is written last: a folder is whole when
// its manifest is there and the hashes in it hold. The same data gives the
// same bytes; nothing of the machine or the hour is in a published file.
//
// Functions are safe for concurrent use on different paths.
package publish
