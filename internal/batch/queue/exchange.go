package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"time"
)

// request is what a share brings to an exchange.
type request struct {
	limits            Limits
	wants             map[string]int // requests, by show; empty gives all back
	starts            int            // wanted beside those in hand
	slots, flying     int
	characters, money int64 // needed beside those in hand; negative: given back
	day, month        string
}

// grant is what it takes home.
type grant struct {
	now               time.Time
	slots, target     int
	starts            []time.Time
	next              time.Time
	characters, money int64
	spentCharacters   bool
	spentMoney        bool
}

// exchange settles the share with the database's; last gives all back.
func (s *share) exchange(last bool) {
	s.mu.Lock()
	r := s.request(last)
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), max(s.queue.options.Stale/2, time.Second))
	defer cancel()
	var g grant
	err := s.queue.db.transact(ctx, func(tx *sql.Tx) error {
		var err error
		g, err = s.trade(ctx, tx, r)
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Now()
	if err != nil {
		// Should it have been committed all the same, with fewer slots for this worker,
		// others may have them: only those in use are kept until it is known.
		s.slots = min(s.slots, s.flying)
		if s.unsettled.due() {
			s.queue.log.Warn("an endpoint's limits could not be settled with the other workers", "endpoint", s.endpoint, "error", err)
		}
		return
	}
	s.unsettled.over()
	s.take(r, g)
}

// request is what the share needs now. What it gives back is gone from here at
// once: should the answer be lost, it counts as used.
func (s *share) request(last bool) request {
	now := s.queue.now()
	s.newPeriods(now)
	if epoch := s.queue.heart.epoch.Load(); epoch != s.epoch { // others have our slots
		s.epoch, s.slots, s.target, s.starts = epoch, 0, 0, nil
	}
	r := request{limits: s.limits, wants: s.wants(), slots: s.slots, flying: s.flying, day: s.day, month: s.month}
	idle := s.waiting.count == 0 && s.flying == 0 && time.Since(s.used) > idleAfter
	if last || idle {
		r.wants = nil
		r.characters, r.money = -max(s.characters, 0), -max(s.money, 0)
		s.characters, s.money = min(s.characters, 0), min(s.money, 0)
		return r
	}
	r.starts = max(0, s.usable()+s.started-len(s.starts))
	s.started, s.asked = 0, s.wanted()
	if w := s.waiting.first(); w != nil {
		r.characters, r.money = max(0, w.characters-s.characters), max(0, w.money-s.money)
	}
	return r
}

// take brings home what was granted.
func (s *share) take(r request, g grant) {
	s.slots, s.target, s.next = g.slots, g.target, g.next
	s.shown = len(r.wants) > 0 || g.slots > 0
	if r.limits.Concurrency != s.limits.Concurrency { // they were changed meanwhile
		s.target = min(s.target, s.limits.Concurrency)
	}
	if r.limits.PerMinute == s.limits.PerMinute {
		s.starts = append(s.starts, g.starts...)
	}
	if s.day == r.day {
		s.characters += g.characters
	}
	if s.month == r.month {
		s.money += g.money
	}
	if w := s.waiting.first(); w != nil {
		switch {
		case g.spentCharacters && s.characters < w.characters:
			s.refuse(w, "characters of the day", startOfDay(g.now).AddDate(0, 0, 1))
		case g.spentMoney && s.money < w.money:
			t := startOfDay(g.now)
			s.refuse(w, "money of the month", t.AddDate(0, 1, 1-t.Day()))
		}
	}
	s.pump()
}

func (s *share) refuse(w *waiter, what string, until time.Time) {
	s.waiting.pop()
	w.err = &SpentError{Endpoint: s.endpoint, What: what, Until: until}
	close(w.ready)
}

func startOfDay(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// other is another worker's share, or this one's.
type other struct {
	worker     string
	slots      int
	wants      map[string]int
	starts     int
	asked, got int64
}

// trade is the exchange in the database, one worker at a time for an endpoint.
func (s *share) trade(ctx context.Context, tx *sql.Tx, r request) (grant, error) {
	q := s.queue
	g := grant{now: q.now()}
	if _, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_limit (endpoint) VALUES (?) ON CONFLICT DO NOTHING`, s.endpoint); err != nil {
		return g, err
	}
	lock, keep := "", ""
	if q.db.postgres {
		lock, keep = " FOR UPDATE", " FOR KEY SHARE"
	}
	var next, characters, money int64
	var day, month string
	if err := q.db.row(ctx, tx, `SELECT next, day, characters, month, money FROM narrapress_limit WHERE endpoint = ?`+lock, s.endpoint).
		Scan(&next, &day, &characters, &month, &money); err != nil {
		return g, err
	}
	var alive int
	err := q.db.row(ctx, tx, `SELECT 1 FROM narrapress_worker WHERE id = ?`+keep, q.worker).Scan(&alive)
	if errors.Is(err, sql.ErrNoRows) {
		return g, errors.New("this worker was taken for dead")
	} else if err != nil {
		return g, err
	}
	others, mine, err := s.others(ctx, tx)
	if err != nil {
		return g, err
	}
	g.now = q.now() // there may have been a line
	g.slots, g.target = s.tradeSlots(r, others, g.now)
	g.starts, next = s.tradeStarts(r, others, mine, next, g.now)
	g.next = time.UnixMicro(next)
	workers := int64(len(others) + 1)
	today, thisMonth := dayOf(g.now), monthOf(g.now)
	// Where the clock went back over midnight, what was counted counts on. What is
	// further ahead is of a clock that was wrong.
	tomorrow := g.now.AddDate(0, 0, 1)
	if day < today || day > dayOf(tomorrow) {
		day, characters = today, 0
	}
	if month < thisMonth || month > monthOf(tomorrow) {
		month, money = thisMonth, 0
	}
	if r.day == today && r.limits.CharactersPerDay > 0 {
		g.characters, g.spentCharacters = budget(r.characters, characters, r.limits.CharactersPerDay, workers)
		characters += g.characters
	}
	if r.month == thisMonth && r.limits.MoneyPerMonth > 0 {
		g.money, g.spentMoney = budget(r.money, money, int64(math.Round(r.limits.MoneyPerMonth*nano)), workers)
		money += g.money
	}
	if _, err := q.db.exec(ctx, tx, `UPDATE narrapress_limit SET next = ?, day = ?, characters = ?, month = ?, money = ? WHERE endpoint = ?`,
		next, day, characters, month, money, s.endpoint); err != nil {
		return g, err
	}
	g.characters, g.money = max(g.characters, 0), max(g.money, 0) // what was given back is gone already
	return g, s.write(ctx, tx, r, g, mine)
}

// others reads all shares of the endpoint; mine is this worker's, as the database has it.
func (s *share) others(ctx context.Context, tx *sql.Tx) (others []other, mine other, err error) {
	err = s.queue.db.each(ctx, tx, func(rows *sql.Rows) error {
		var o other
		var wants string
		if err := rows.Scan(&o.worker, &o.slots, &wants, &o.starts, &o.asked, &o.got); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(wants), &o.wants); err != nil {
			return err
		}
		if o.worker == s.queue.worker {
			mine = o
		} else {
			others = append(others, o)
		}
		return nil
	}, `SELECT worker, slots, wants, starts, asked, got FROM narrapress_share WHERE endpoint = ?`, s.endpoint)
	return others, mine, err
}

// asking is for how long a worker counts as wanting what it asked for.
const asking = 2 * time.Second

// turnEvery is how long a worker has its turn where there are too few slots for
// each to have one. Moving one costs an exchange: a hundredth of it.
const turnEvery = 5 * time.Second

func (s *share) tradeSlots(r request, others []other, now time.Time) (slots, target int) {
	if r.limits.Concurrency <= 0 {
		return 0, 0
	}
	wants := map[string]map[string]int{s.queue.worker: r.wants}
	free := r.limits.Concurrency
	for _, o := range others {
		free -= o.slots
		if now.Sub(time.UnixMicro(o.asked)) < asking {
			wants[o.worker] = o.wants
		}
	}
	target = part(r.limits.Concurrency, wants, s.queue.worker, int(now.Unix()/int64(turnEvery/time.Second)))
	return max(r.flying, min(target, free)), target
}

// tradeStarts takes the next starts, one after the other at even distances: who
// got some longest ago is first where they are few.
func (s *share) tradeStarts(r request, others []other, mine other, next int64, now time.Time) ([]time.Time, int64) {
	if r.limits.PerMinute <= 0 {
		return nil, next
	}
	apart := int64(math.Ceil(float64((time.Minute + slack).Microseconds()) / float64(r.limits.PerMinute)))
	first := max(next, now.UnixMicro())
	end := now.Add(horizon).UnixMicro()
	if next > end+apart {
		// Nobody takes starts that late: the clock went back, or the limit was lower.
		// The last that was taken may have been used just now.
		first = now.UnixMicro() + apart
	}
	if r.starts == 0 || first > end {
		return nil, next
	}
	there := int((end-first)/apart) + 1
	mine.worker, mine.starts, mine.asked = s.queue.worker, r.starts, now.UnixMicro()
	all := append(slices.Clone(others), mine)
	all = slices.DeleteFunc(all, func(o other) bool {
		return o.starts == 0 || now.Sub(time.UnixMicro(o.asked)) >= asking
	})
	slices.SortFunc(all, func(a, b other) int { return int(a.got - b.got) })
	demands := make([]int, len(all))
	for i, o := range all {
		demands[i] = o.starts
	}
	i := slices.IndexFunc(all, func(o other) bool { return o.worker == s.queue.worker })
	starts := make([]time.Time, level(there, demands, 0)[i])
	for i := range starts {
		starts[i] = time.UnixMicro(first + int64(i)*apart)
	}
	if len(starts) == 0 {
		return nil, next
	}
	return starts, first + int64(len(starts))*apart
}

// budget takes what is needed of what is left, and more so that the next requests
// need not ask: an eighth of this worker's part, less as there is less left.
func budget(need, used, limit, workers int64) (took int64, spent bool) {
	if need < 0 {
		return max(need, -used), false
	}
	left := limit - used
	switch {
	case need == 0:
		return 0, false
	case left < need:
		return 0, true
	}
	return max(need, left/(8*workers)), false
}

// write leaves the share for the others to see.
func (s *share) write(ctx context.Context, tx *sql.Tx, r request, g grant, mine other) error {
	q := s.queue
	if len(r.wants) == 0 && g.slots == 0 {
		_, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_share WHERE endpoint = ? AND worker = ?`, s.endpoint, q.worker)
		return err
	}
	wants := maps.Clone(r.wants)
	if wants == nil {
		wants = map[string]int{}
	}
	b, err := json.Marshal(wants)
	if err != nil {
		return err
	}
	got := mine.got
	if len(g.starts) > 0 {
		got = g.now.UnixMicro()
	}
	_, err = q.db.exec(ctx, tx, `INSERT INTO narrapress_share (endpoint, worker, slots, wants, starts, asked, got) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (endpoint, worker) DO UPDATE SET slots = excluded.slots, wants = excluded.wants, starts = excluded.starts, asked = excluded.asked, got = excluded.got`,
		s.endpoint, q.worker, g.slots, string(b), r.starts, g.now.UnixMicro(), got)
	return err
}
