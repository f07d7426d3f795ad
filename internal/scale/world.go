package main

import (
	"math"
	"math/rand/v2"
	"time"
)

// assumed is what the simulation rests on. What was measured is measured on one
// machine with two cores; docs/scale.md says how.
type assumed struct {
	Characters   float64       // of a post, median
	Spread       float64       // of its logarithm, standard deviation
	Segment      float64       // characters of one request
	Spoken       float64       // characters a second, as they are heard
	Press        float64       // processor seconds for an hour of sound: mastering, all files
	Take         float64       // processor seconds of one request: checks and store
	Job          float64       // processor seconds of one job: the queue's bookkeeping
	Transactions float64       // of the database, for one job
	Beat         time.Duration // between a worker's heartbeats, a transaction each
	Share        time.Duration // between a worker's exchanges with a limit, a transaction each
}

func measured() assumed {
	return assumed{
		Characters: 6000, Spread: 0.7, Segment: 95, Spoken: 15.5,
		Press: 24, Take: 0.002, Job: 0.005, Transactions: 3.4 + 2, Beat: 2 * time.Second, Share: time.Second,
	}
}

// endpoint is a provider's account: what it allows, and how it answers.
type endpoint struct {
	Name        string
	Concurrency int           // requests in flight
	PerMinute   int           // requests started; 0 is no limit
	First       time.Duration // before an answer begins
	Faster      float64       // than real time the speech comes
	Part        float64       // of the posts, those of its shows
}

// answer is how long a request takes.
func (e *endpoint) answer(seconds float64, rng *rand.Rand) time.Duration {
	jitter := math.Exp(0.25 * rng.NormFloat64())
	return time.Duration((e.First.Seconds() + seconds/e.Faster) * jitter * float64(time.Second))
}

// endpoints are ten accounts such as providers sell them: their documents'
// limits of a second or third tier, and servers of one's own.
func endpoints() []endpoint {
	return []endpoint{
		{"cloud A, first account", 50, 500, 400 * time.Millisecond, 12, 0.16},
		{"cloud A, second account", 50, 500, 400 * time.Millisecond, 12, 0.10},
		{"cloud B", 15, 0, 300 * time.Millisecond, 20, 0.10},
		{"cloud C", 100, 1000, 200 * time.Millisecond, 40, 0.20},
		{"cloud D", 20, 600, 250 * time.Millisecond, 25, 0.10},
		{"cloud E", 10, 150, 500 * time.Millisecond, 8, 0.02},
		{"own GPU server 1", 8, 0, 100 * time.Millisecond, 60, 0.10},
		{"own GPU server 2", 8, 0, 100 * time.Millisecond, 60, 0.10},
		{"own CPU server", 4, 0, 50 * time.Millisecond, 10, 0.02},
		{"local engines", 64, 0, 10 * time.Millisecond, 200, 0.10},
	}
}

// post is one that is to be made.
type post struct {
	endpoint int
	seconds  float64 // of speech
	segments int
}

// posts draws the n-th post: the same on every run.
func (a assumed) post(rng *rand.Rand, all []endpoint) post {
	characters := a.Characters * math.Exp(a.Spread*rng.NormFloat64())
	characters = min(max(characters, 200), 200_000)
	p := post{seconds: characters / a.Spoken, segments: max(1, int(math.Ceil(characters/a.Segment)))}
	at := rng.Float64()
	for i, e := range all {
		p.endpoint = i
		if at -= e.Part; at < 0 {
			break
		}
	}
	return p
}
