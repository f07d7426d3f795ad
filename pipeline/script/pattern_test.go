package script

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPatterns compiles every pattern of the package, which a run does only
// where it needs one.
func TestPatterns(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	pattern, n := regexp.MustCompile("= compiled\\(`([^`]*)`\\)\n"), 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := pattern.FindAllSubmatch(b, -1)
		if all := strings.Count(string(b), "= compiled("); len(found) != all {
			t.Errorf("%s: %d of %d patterns are written out on a line of their own: the others are not compiled here", file, len(found), all)
		}
		for _, m := range found {
			n++
			if _, err := regexp.Compile(string(m[1])); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if n < 22 {
		t.Errorf("only %d patterns were found", n)
	}
}
