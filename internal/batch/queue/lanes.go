package queue

import "slices"

// waiter is a request that waits for its turn.
type waiter struct {
	show              string
	characters, money int64
	ready             chan struct{} // closed when it may go, or err is set
	err               error
}

// lanes are who waits, by show: one of each show in turn.
type lanes struct {
	turns []string // shows with somebody waiting; the first is next
	wait  map[string][]*waiter
	count int
}

func (l *lanes) push(w *waiter) {
	if l.wait == nil {
		l.wait = map[string][]*waiter{}
	}
	if len(l.wait[w.show]) == 0 {
		l.turns = append(l.turns, w.show)
	}
	l.wait[w.show] = append(l.wait[w.show], w)
	l.count++
}

// first is who is next; nil where nobody waits.
func (l *lanes) first() *waiter {
	if len(l.turns) == 0 {
		return nil
	}
	return l.wait[l.turns[0]][0]
}

// pop takes the first out; its show is last now.
func (l *lanes) pop() {
	show := l.turns[0]
	l.turns = l.turns[1:]
	l.count--
	if l.wait[show] = l.wait[show][1:]; len(l.wait[show]) == 0 {
		delete(l.wait, show)
		return
	}
	l.turns = append(l.turns, show)
}

// remove takes somebody out who does not wait any more.
func (l *lanes) remove(w *waiter) bool {
	lane := l.wait[w.show]
	i := slices.Index(lane, w)
	if i < 0 {
		return false
	}
	l.count--
	if lane = slices.Delete(lane, i, i+1); len(lane) > 0 {
		l.wait[w.show] = lane
		return true
	}
	delete(l.wait, w.show)
	l.turns = slices.DeleteFunc(l.turns, func(show string) bool { return show == w.show })
	return true
}
