//go:build unix

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestHealthCheck runs what the Dockerfile asks a server by against one, and
// against one that is gone.
func TestHealthCheck(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)HEALTHCHECK.*?CMD (\[.*?\])\n`).FindSubmatch(file)
	if found == nil {
		t.Fatal("the Dockerfile has no HEALTHCHECK")
	}
	var words []string
	if err := json.Unmarshal(found[1], &words); err != nil {
		t.Fatalf("%s: %v", found[1], err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "narrapress.yaml"), "show: {id: lamp, title: The Lamp}\nserver: {token: secret}\n")
	s := start(t, dir, "serve")
	port := s.url[strings.LastIndex(s.url, ":")+1:]
	check := func() error {
		asked := append([]string(nil), words...)
		for i := range asked {
			asked[i] = strings.ReplaceAll(asked[i], "8470", port)
		}
		return exec.Command(asked[0], asked[1:]...).Run()
	}
	if err := check(); err != nil {
		t.Errorf("a server that answers is not healthy: %v", err)
	}
	s.stop(t)
	if check() == nil {
		t.Error("a server that is gone is healthy")
	}
}
