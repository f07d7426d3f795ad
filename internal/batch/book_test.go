//go:build unix

package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/batch"
)

// A book's second chapter fails: what its first one cost is told.
func TestCostOfHalfABook(t *testing.T) {
	t.Parallel()
	p := newPress(t, 0, "limits: {cost: {episode: 0.5}}")
	file := filepath.Join(p.dir, "narrapress.yaml")
	show, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "narrapress.yaml", strings.Replace(string(show), "cache: cache", "cache: cache, split: chapter", 1))
	sentences := func(from, n int) string { // no two alike: what is said twice costs once
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "The ferry number %d came in late. ", from+i)
		}
		return b.String()
	}
	p.write(t, "posts/book.md", "# A book\n\n## One\n\n"+sentences(1, 8)+"\n\n## Two\n\n"+sentences(100, 200)+"\n")
	rep := p.run(t, batch.Wish{})
	if got := states(rep); got != `{"failed":1}` || rep.Totals.Cost <= 0 {
		t.Errorf("%s for %g\n%s", got, rep.Totals.Cost, text(rep))
	}
}
