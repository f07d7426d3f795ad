package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDesk runs the desk by itself: it is there at once, for this machine alone,
// and ends when it is told to.
func TestDesk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "narrapress.yaml"), "version: 1\nshow: {id: lamp, title: The Lamp}\nserver: {token: \"${DESK_TOKEN:-}\"}\n")
	write(t, filepath.Join(dir, "post.md"), "# A post\n\nWords of it.\n")
	s := start(t, dir, "desk")
	s.until(t, "the list is there", s.has("/desk/", "post.md"))
	s.until(t, "the script is there", s.has("/desk/lamp/script?source=post.md", "Words of it."))
	if code, body := s.get("/desk/lamp/runs"); code != 404 {
		t.Errorf("a page of runs, without a queue: %d %s", code, body)
	}
	s.stop(t)
	out, err := command(dir, "desk", "--listen", "0.0.0.0:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "set server.token") {
		t.Errorf("for everybody, without a token: %v, %s", err, out)
	}
	t.Run("with a token", func(t *testing.T) {
		s := start(t, dir, "desk", "DESK_TOKEN=wick-and-oil")
		if code, body := s.get("/desk/lamp/"); code != 401 || strings.Contains(body, "post.md") {
			t.Errorf("%d %s", code, body)
		}
		s.stop(t)
		if strings.Contains(s.errs.String(), "wick-and-oil") {
			t.Error("the log gives the token away")
		}
	})
}
