// Package store answers whether something was made before: it keeps bytes
// under the hash of what made them, in a folder that a person can read.
//
//	DIR/ab/abcdef…/take.wav     the bytes
//	DIR/ab/abcdef…/entry.json   their size, SHA-256 and description
//	DIR/tmp/                    what is being written now
//	DIR/quarantine/             what was found damaged
//	DIR/users.txt               folders whose files name entries
//	DIR/use.lock                held by whoever relies on what is there
//	DIR/outbox/abcdef…          an entry that is not in the bucket behind it yet
//	DIR/extra/abcdef…           an entry in whose place the bucket's came
//
// An entry is written beside, synced and renamed into place as a whole, so it
// is there or it is not; renaming a folder onto one that is there fails, so
// the first one stored wins, between processes too. An entry whose bytes are
// not those that were stored is never handed out.
//
// Several machines share entries by a bucket behind their folders ([Shared]):
// the first one put there wins, everywhere.
//
// A Store is safe for concurrent use, by several processes at once.
package store
