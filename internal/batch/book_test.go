//go:build unix

package batch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// newBook is a press whose show makes an episode of each chapter of a book.
func newBook(t *testing.T, more string) *press {
	t.Helper()
	p := newPress(t, 0, more)
	p.alter(t, "cache: cache", "cache: cache, split: chapter")
	return p
}

// alter puts other words into the show's file.
func (p *press) alter(t *testing.T, old, new string) {
	t.Helper()
	show, err := os.ReadFile(filepath.Join(p.dir, "narrapress.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(show), old) {
		t.Fatalf("the show says nothing of %q", old)
	}
	p.write(t, "narrapress.yaml", strings.Replace(string(show), old, new, 1))
}

// sentences are n of them, no two alike: what is said twice costs once.
func sentences(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "The ferry number %d came in late. ", from+i)
	}
	return b.String()
}

// A book's second chapter fails: what its first one cost is told.
func TestCostOfHalfABook(t *testing.T) {
	t.Parallel()
	p := newBook(t, "limits: {cost: {episode: 0.5}}")
	p.write(t, "posts/book.md", "# A book\n\n## One\n\n"+sentences(1, 8)+"\n\n## Two\n\n"+sentences(100, 200)+"\n")
	rep := p.run(t, batch.Wish{})
	if got := states(rep); got != `{"failed":1}` || rep.Totals.Cost <= 0 {
		t.Errorf("%s for %g\n%s", got, rep.Totals.Cost, text(rep))
	}
}

// A chapter that failed is made in the next run, and those that are there cost
// nothing; so it is after an edit, and when the book was away.
func TestBookThatFailed(t *testing.T) {
	t.Parallel()
	const poor, rich = "limits: {cost: {episode: 0.5}}", "limits: {cost: {episode: 50}}"
	p := newBook(t, poor)
	book := func(second, third string) {
		p.write(t, "posts/book.md", "# A book\n\n## One\n\n"+sentences(1, 2)+"\n\n## Two\n\n"+second+"\n\n## Three\n\n"+third+"\n")
	}
	run := func(want string, asks bool) {
		t.Helper()
		asked := p.sky.Requests()
		rep := p.run(t, batch.Wish{})
		// What is unchanged is so by its listing, and no job looks at it.
		if n := p.sky.Requests() - asked; states(rep) != want || asks != (n > 0) || strings.Contains(want, "unchanged") && len(rep.Items) > 0 {
			t.Fatalf("%s, want %s; %d requests, %d jobs\n%s", states(rep), want, n, len(rep.Items), text(rep))
		}
	}
	chapters := func() string { // with their revisions
		t.Helper()
		found, _, err := publish.ListHeads(filepath.Join(p.dir, "out"))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range found {
			if listed, _ := publish.Listed(f.Dir, f.Head); listed {
				out = append(out, fmt.Sprintf("%s %d", f.Head.Episode.Title, f.Head.Revision))
			}
		}
		return strings.Join(out, ", ")
	}
	book(sentences(100, 20), sentences(500, 2))
	run(`{"failed":1}`, true)
	run(`{"failed":1}`, false) // it is not forgotten, and what is there is not asked for again
	if got := chapters(); got != "One 1" {
		t.Fatalf("of a book whose second chapter is too dear: %s", got)
	}
	p.alter(t, poor, rich)
	run(`{"made":1}`, true)
	run(`{"unchanged":1}`, false)
	if got := chapters(); got != "One 1, Two 1, Three 1" {
		t.Fatalf("of the whole book: %s", got)
	}
	p.alter(t, rich, poor)
	book(sentences(100, 20)+" "+sentences(1000, 20), sentences(500, 3))
	run(`{"failed":1}`, false)
	p.alter(t, poor, rich)
	run(`{"made":1}`, true)
	run(`{"unchanged":1}`, false)
	if got := chapters(); got != "One 1, Two 2, Three 2" {
		t.Fatalf("of the edited book: %s", got)
	}

	// What is gone and comes back is back with all of its chapters.
	p.alter(t, "sources: ['posts/*.md']", "sources: [{from: posts, gone: withdraw}]")
	p.post(t, 1, "Another post.")
	p.run(t, batch.Wish{})
	name := filepath.Join(p.dir, "posts", "book.md")
	if err := os.Rename(name, name+".away"); err != nil {
		t.Fatal(err)
	}
	p.run(t, batch.Wish{})
	if got := chapters(); got != "Post 1 1" {
		t.Errorf("the book is gone, and there is %s", got)
	}
	if err := os.Rename(name+".away", name); err != nil {
		t.Fatal(err)
	}
	run(`{"unchanged":2}`, false)
	if got := chapters(); got != "Post 1 1, One 1, Two 2, Three 2" {
		t.Errorf("the book is back, and there is %s", got)
	}
}
