package document

import (
	"regexp"
	"sync"
)

// compiled is a regular expression that is compiled when it is first asked for: there are many,
// and each start of the program would wait for all of them, 46 ms, though a
// source needs few. One that is none panics then; TestPatterns asks for all.
func compiled(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
