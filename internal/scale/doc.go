// Command scale answers where a very large fleet is bound: it lets a million
// posts be made in virtual time, by ten endpoints with their limits and by
// workers with their processors, and counts. docs/scale.md has what comes out,
// and what it rests on.
//
//	go run ./internal/scale                       every case of docs/scale.md; some minutes
//	go run ./internal/scale -posts 100000         the same of fewer posts
//	go run ./internal/scale -doc docs/scale.md    writes the tables there anew
package main
