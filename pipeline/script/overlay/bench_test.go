package overlay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/growth"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// large is a script of n segments, and an edit of each: on its words, or with
// one of them changed.
func large(n int, changed bool) (*script.Script, *overlay.Overlay) {
	s := &script.Script{Version: script.Version}
	o := &overlay.Overlay{}
	for i := range n {
		if i%50 == 0 {
			s.Chapters = append(s.Chapters, script.Chapter{Title: fmt.Sprint(i)})
		}
		c := &s.Chapters[len(s.Chapters)-1]
		text := fmt.Sprintf("The keeper of light number %d rose at five, and %d boats came in behind him that morning.", i, i*7)
		c.Segments = append(c.Segments, script.Segment{Role: script.RoleBody, Text: text})
		if changed {
			text = strings.Replace(text, "rose", "woke", 1)
		}
		o.Edits = append(o.Edits, overlay.Edit{On: text, Say: "Something else.", Voice: "second"})
	}
	return s, o
}

// 5,000 edits of 5,000 segments.
func BenchmarkApply(b *testing.B) {
	for _, changed := range []bool{false, true} {
		b.Run(map[bool]string{false: "exact", true: "changed"}[changed], func(b *testing.B) {
			s, o := large(5000, changed)
			for b.Loop() {
				o.Apply(s)
			}
		})
	}
}

// Time grows with the script, and not with its square, also where nothing that
// edits are on is there any more and all segments share their words.
func TestApplyIsLinear(t *testing.T) {
	growth.Linear(t, 500, func(n int) func() {
		s, o := large(n, true)
		return func() { o.Apply(s) }
	})
	growth.Linear(t, 500, func(n int) func() {
		s, o := large(n, true)
		for i := range o.Edits {
			o.Edits[i].On = "The keeper of light rose at five, and the boats came in."
			o.Edits[i].Nth = i + 1
		}
		return func() { o.Apply(s) }
	})
}
