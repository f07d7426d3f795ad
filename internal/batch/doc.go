// Package batch answers what becomes of a show's sources when nobody is there to
// make episodes of them by hand.
//
// A run looks through sources, orders an episode of every post that is new or has
// changed, waits until all of them ended, and reports. It is made of jobs of the
// queue (package queue): one that lists, and one for each episode. So a run
// survives the death of whoever began it, and many machines share its work. What
// was spoken is in the store: a job that is begun again pays only for what is
// missing.
//
// What is known of runs and episodes stands in the queue's database as records:
// an episode's is written in the same transaction as the end of its job.
package batch
