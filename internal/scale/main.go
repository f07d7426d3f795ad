package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(args []string, out, stderr io.Writer) error {
	f := flag.NewFlagSet("scale", flag.ContinueOnError)
	f.SetOutput(stderr)
	posts := f.Int("posts", 1_000_000, "how many are made")
	doc := f.String("doc", "", "page whose tables are written anew")
	seed := f.Uint64("seed", 1, "of the posts and the answers")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case *posts < 1:
		return fmt.Errorf("-posts is 1 or more, not %d", *posts)
	}
	var b bytes.Buffer
	tables(&b, measured(), endpoints(), *posts, *seed)
	if *doc == "" {
		_, err := out.Write(b.Bytes())
		return err
	}
	return renew(*doc, b.String())
}

// fleets are the cases: ever more machines of two cores.
func fleets() []fleet {
	return []fleet{
		{Workers: 1, Jobs: 4, Cores: 2},
		{Workers: 10, Jobs: 4, Cores: 2},
		{Workers: 10, Jobs: 40, Cores: 2},
		{Workers: 3, Jobs: 4, Cores: 2, Divided: true},
		{Workers: 3, Jobs: 40, Cores: 2, Divided: true},
		{Workers: 10, Jobs: 40, Cores: 2, Divided: true},
	}
}

// tables are the page's: the fleets, and the endpoints of the one that was fast
// enough with the fewest machines.
func tables(w io.Writer, a assumed, all []endpoint, posts int, seed uint64) {
	fmt.Fprintf(w, "%s posts, all there at the beginning.\n\n", grouped(posts))
	fmt.Fprintln(w, "| workers | episodes each | places are given | took | posts a day | places taken | processors busy | database transactions a second |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|")
	best, chosen := result{Took: math.MaxInt64}, fleet{}
	for _, f := range fleets() {
		r := simulate(a, all, f, posts, seed)
		days := r.Took.Hours() / 24
		given := "in turns"
		if f.Divided {
			given = "to each endpoint its part"
		}
		fmt.Fprintf(w, "| %d | %d | %s | %.1f days | %s | %.0f %% | %.0f %% | %.0f |\n",
			f.Workers, f.Jobs, given, days, grouped(int(float64(posts)/days)), 100*r.Slots, 100*r.Processors, r.Transactions)
		if f.Divided && float64(r.Took) < 0.98*float64(best.Took) { // more machines for less than two in a hundred are no gain
			best, chosen = r, f
		}
	}
	fmt.Fprintf(w, "\nThe endpoints, with %d workers of %d episodes each, places divided: %s hours of sound, %s requests.\n\n",
		chosen.Workers, chosen.Jobs, grouped(int(best.Hours)), grouped(best.Requests))
	fmt.Fprintln(w, "| endpoint | in flight, a minute | posts | its last post | of what may be in flight | of its starts a minute | bound by |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|")
	for i, u := range best.Endpoints {
		minute, starts := "–", "–"
		if n := all[i].PerMinute; n > 0 {
			minute, starts = fmt.Sprint(n), fmt.Sprintf("%.0f %%", 100*u.Starts)
		}
		fmt.Fprintf(w, "| %s | %d, %s | %s | %.1f days | %.0f %% | %s | %s |\n",
			all[i].Name, all[i].Concurrency, minute, grouped(u.Posts), u.Ended.Hours()/24, 100*u.Flight, starts, u.Bound)
	}
}

func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// The tables of the page stand between these.
const (
	begin = "<!-- tables: written by go run ./internal/scale -doc -->"
	end   = "<!-- end of tables -->"
)

// renew writes the tables of a page anew.
func renew(page, text string) error {
	b, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(b), begin)
	_, tail, there := strings.Cut(rest, end)
	if !ok || !there {
		return fmt.Errorf("%s has no place for tables: %s … %s", page, begin, end)
	}
	return os.WriteFile(page, []byte(head+begin+"\n\n"+text+"\n"+end+tail), 0o644)
}
