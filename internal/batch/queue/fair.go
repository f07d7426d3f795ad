package queue

import (
	"maps"
	"slices"
)

// level shares total out among demands: nobody gets more than it asks for, and
// nobody less than another that got more than one more ("max-min fairness"). What
// cannot be divided goes to the first ones, beginning with turn.
func level(total int, demands []int, turn int) []int {
	got := make([]int, len(demands))
	for total > 0 {
		var short []int
		for i := range demands {
			if i := (i + turn) % len(demands); got[i] < demands[i] {
				short = append(short, i)
			}
		}
		if len(short) == 0 {
			break
		}
		each := total / len(short)
		if each == 0 {
			for _, i := range short[:total] {
				got[i]++
			}
			break
		}
		for _, i := range short {
			n := min(each, demands[i]-got[i])
			got[i] += n
			total -= n
		}
	}
	return got
}

// part is what me gets of total, where wants says which worker asks how much for
// which show: shows are equal, and in a show its workers. Where there is too
// little for each to have one, turn says with whom it begins.
func part(total int, wants map[string]map[string]int, me string, turn int) int {
	byShow := map[string]map[string]int{}
	for worker, shows := range wants {
		for show, n := range shows {
			if byShow[show] == nil {
				byShow[show] = map[string]int{}
			}
			byShow[show][worker] = n
		}
	}
	shows := slices.Sorted(maps.Keys(byShow))
	demands := make([]int, len(shows))
	for i, show := range shows {
		for _, n := range byShow[show] {
			demands[i] += n
		}
	}
	mine := 0
	for i, n := range level(total, demands, rotate(total, len(shows), turn)) {
		workers := slices.Sorted(maps.Keys(byShow[shows[i]]))
		asked := make([]int, len(workers))
		for j, w := range workers {
			asked[j] = byShow[shows[i]][w]
		}
		if j := slices.Index(workers, me); j >= 0 {
			mine += level(n, asked, rotate(n, len(workers), turn))[j]
		}
	}
	return mine
}

// rotate is turn where somebody goes without, else 0: what moves is idle meanwhile.
func rotate(total, among, turn int) int {
	if total >= among {
		return 0
	}
	return turn % among
}
