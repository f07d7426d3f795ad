package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// plain is a world without chance in it but for the lengths of posts.
func plain() assumed {
	a := measured()
	a.Spread = 0
	return a
}

func TestBounds(t *testing.T) {
	t.Parallel()
	a := plain()
	segments := math.Ceil(a.Characters / a.Segment)
	const n = 200
	for _, c := range []struct {
		name  string
		e     endpoint
		f     fleet
		want  time.Duration // about
		bound string
	}{
		{
			"starts",
			endpoint{Name: "e", Concurrency: 1000, PerMinute: 600, Faster: 1000, Part: 1},
			fleet{Workers: 4, Jobs: 20, Cores: 2},
			time.Duration(n * segments / 600 * float64(time.Minute)), "requests a minute",
		},
		{
			"flight",
			endpoint{Name: "e", Concurrency: 5, Faster: 1, Part: 1},
			fleet{Workers: 4, Jobs: 20, Cores: 2},
			// Lengths of answers are log-normal: their mean is exp(0.25²/2) of the median.
			time.Duration(n * a.Characters / a.Spoken / 5 * math.Exp(0.25*0.25/2) * float64(time.Second)), "requests in flight",
		},
		{
			"processors",
			endpoint{Name: "e", Concurrency: 10_000, Faster: 1e6, Part: 1},
			fleet{Workers: 1, Jobs: 4, Cores: 2},
			time.Duration(n * (a.Press*a.Characters/a.Spoken/3600 + a.Take*segments + a.Job) / 2 * float64(time.Second)), "places at workers",
		},
	} {
		r := simulate(a, []endpoint{c.e}, c.f, n, 1)
		if off := float64(r.Took)/float64(c.want) - 1; math.Abs(off) > 0.05 {
			t.Errorf("%s: took %v, want about %v (%+.1f %%)", c.name, r.Took, c.want, 100*off)
		}
		if r.Endpoints[0].Bound != c.bound {
			t.Errorf("%s: bound by %s, want %s", c.name, r.Endpoints[0].Bound, c.bound)
		}
		if r.Requests != int(n*segments) || r.Endpoints[0].Posts != n {
			t.Errorf("%s: %d requests of %d posts", c.name, r.Requests, r.Endpoints[0].Posts)
		}
	}
}

// TestTheSame has the same tables come out twice, and no limit passed.
func TestTheSame(t *testing.T) {
	t.Parallel()
	var one, two strings.Builder
	tables(&one, measured(), endpoints(), 2000, 3)
	tables(&two, measured(), endpoints(), 2000, 3)
	if one.String() != two.String() {
		t.Error("two runs of the same are not the same")
	}
	r := simulate(measured(), endpoints(), fleet{Workers: 10, Jobs: 40, Cores: 2}, 2000, 3)
	for i, u := range r.Endpoints {
		if u.Flight > 1 || u.Starts > 1.05 {
			t.Errorf("%s: %.2f of its requests in flight, %.2f of its starts", endpoints()[i].Name, u.Flight, u.Starts)
		}
	}
	part := 0.0
	for _, e := range endpoints() {
		part += e.Part
	}
	if math.Abs(part-1) > 1e-9 {
		t.Errorf("the endpoints have %g of the posts", part)
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "scale.md")
	if err := os.WriteFile(page, []byte("# A page\n"+begin+"\nold\n"+end+"\nThe end.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-posts", "50", "-doc", page}, nil, os.Stderr); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(page)
	if err != nil || strings.Contains(string(b), "old") || !strings.Contains(string(b), "50 posts") || !strings.HasSuffix(string(b), "The end.\n") {
		t.Errorf("%s, %v", b, err)
	}
}
