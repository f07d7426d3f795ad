// Package pgtest answers, for tests: where is a PostgreSQL that may be crashed?
// It starts one of its own in a temporary folder, as a user without privileges.
package pgtest
