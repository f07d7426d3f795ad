package publish_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// A held build is held in whatever order its manifest was written.
func TestHeadInAnyOrder(t *testing.T) {
	t.Parallel()
	const (
		head    = `"version":1,"episode":{"id":"x"}`
		gate    = `"gate":{"held":true,"findings":[],"facts":{}}`
		rest    = `"build":"b","source":{"path":"p","sha256":""},"timeline":{"rate":1,"channels":1,"frames":0}`
		files   = `"files":[]`
		takes   = `"takes":[{"ordinal":1,"key":"k"}]`
		another = `"Gate":{"held":true,"findings":[],"facts":{}}`
	)
	for _, tt := range []struct {
		name  string
		parts []string
		held  bool
	}{
		{"as it is written", []string{head, rest, gate, files, takes}, true},
		{"files before the gate", []string{head, rest, files, gate, takes}, true},
		{"the gate at the end", []string{files, takes, rest, head, gate}, true},
		{"the gate first", []string{gate, files, head, takes, rest}, true},
		{"as encoding/json takes it", []string{head, rest, files, another}, true},
		{"without a gate", []string{head, rest, files, takes}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, publish.ManifestName), []byte("{"+strings.Join(tt.parts, ",")+"}"), 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := publish.ReadHead(dir)
			if err != nil {
				t.Fatal(err)
			}
			if listed, _ := publish.Listed(dir, m); listed == tt.held || m.Build != "b" || m.Source.Path != "p" {
				t.Errorf("listed: %v, %+v", listed, m)
			}
		})
	}
	// Cut short, nobody knows whether it is held.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, publish.ManifestName), []byte("{"+head+","+rest+","+files+",\"takes\":[{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := publish.ReadHead(dir); err == nil {
		t.Errorf("it is read: %+v", m)
	}
}
