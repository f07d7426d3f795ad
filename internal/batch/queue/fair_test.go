package queue

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLevel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		total   int
		demands []int
		turn    int
		want    []int
	}{
		{"nobody", 5, nil, 0, []int{}},
		{"enough", 9, []int{1, 2, 3}, 0, []int{1, 2, 3}},
		{"what one leaves the others get", 10, []int{1, 20, 20}, 0, []int{1, 5, 4}},
		{"the rest by turn", 10, []int{1, 20, 20}, 2, []int{1, 4, 5}},
		{"too little", 2, []int{5, 5, 5}, 1, []int{0, 1, 1}},
		{"nothing", 0, []int{5, 5}, 0, []int{0, 0}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, level(tt.total, tt.demands, tt.turn)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestPart(t *testing.T) {
	t.Parallel()
	type wants = map[string]map[string]int
	tests := []struct {
		name  string
		total int
		wants wants
		turn  int
		want  map[string]int
	}{
		{"one for itself", 10, wants{"w1": {"a": 3}}, 0, map[string]int{"w1": 3, "w2": 0}},
		{"a show at three workers and one at the fourth", 12, wants{"w1": {"a": 50}, "w2": {"a": 50}, "w3": {"a": 50}, "w4": {"b": 50}}, 0, map[string]int{"w1": 2, "w2": 2, "w3": 2, "w4": 6}},
		{"a show that needs little", 12, wants{"w1": {"a": 50}, "w2": {"b": 1}}, 0, map[string]int{"w1": 11, "w2": 1}},
		{"one slot, first turn", 1, wants{"w1": {"a": 5}, "w2": {"a": 5}}, 0, map[string]int{"w1": 1, "w2": 0}},
		{"one slot, second turn", 1, wants{"w1": {"a": 5}, "w2": {"a": 5}}, 1, map[string]int{"w1": 0, "w2": 1}},
	}
	for _, tt := range tests {
		for worker, want := range tt.want {
			if got := part(tt.total, tt.wants, worker, tt.turn); got != want {
				t.Errorf("%s: %s gets %d, not %d", tt.name, worker, got, want)
			}
		}
	}
}

// FuzzPart: never more than there is, never more than is asked for, and nothing
// is left while somebody wants it.
func FuzzPart(f *testing.F) {
	f.Add(uint8(5), uint8(1), uint8(9), uint8(3), uint8(0), uint8(2))
	f.Fuzz(func(t *testing.T, total, a, b, c, d, turn uint8) {
		wants := map[string]map[string]int{
			"w1": {"x": int(a), "y": int(b)},
			"w2": {"x": int(c)},
			"w3": {"z": int(d)},
		}
		sum, asked := 0, int(a)+int(b)+int(c)+int(d)
		for worker, shows := range wants {
			most := 0
			for _, n := range shows {
				most += n
			}
			got := part(int(total), wants, worker, int(turn))
			if got < 0 || got > most {
				t.Errorf("%s gets %d of the %d that it asked for", worker, got, most)
			}
			sum += got
		}
		if sum != min(int(total), asked) {
			t.Errorf("%d of %d given, %d asked for", sum, total, asked)
		}
	})
}

func TestLanes(t *testing.T) {
	t.Parallel()
	var l lanes
	var all []*waiter
	for _, show := range []string{"a", "a", "a", "b", "c", "b"} {
		w := &waiter{show: show, characters: int64(len(all))}
		all = append(all, w)
		l.push(w)
	}
	if !l.remove(all[4]) || l.remove(all[4]) || !l.remove(all[1]) {
		t.Error("removed wrongly")
	}
	var order []int64
	for w := l.first(); w != nil; w = l.first() {
		order = append(order, w.characters)
		l.pop()
	}
	if diff := cmp.Diff([]int64{0, 3, 2, 5}, order); diff != "" || l.count != 0 || len(l.wait) != 0 {
		t.Errorf("(-want +got):\n%s%+v", diff, l)
	}
}
