// Package queue answers: who makes which episode next, on one machine or many?
//
// A job is one revision of one episode of one show. The queue knows no more of
// it: what is to be done is an order that only its handler reads.
//
// The table narrapress_job is the truth. River (decision 14) hands jobs out: one
// River job is one attempt, and its ID is the token by which an attempt is known.
// A job that is tried again gets a new River job, so whatever a worker does with
// an old one (it was stopped and goes on, its completion comes late) changes nothing.
//
//	held ⇄ ready → running → done | dead | cancelled
//	behind → ready            when the revision before it ended
//	ready | held | dead → replaced   by a newer revision
//
// Every process has a heart: it beats in the database, learns at each beat which
// of its jobs it lost, and buries workers whose hearts have stopped.
package queue
