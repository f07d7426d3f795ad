package script

import (
	"regexp"
	"sync"
)

// compiled is a regular expression that is compiled when it is first asked for:
// most texts need few, and each start of the program would wait for all of
// them. One that is none panics then; TestPatterns compiles all.
func compiled(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
