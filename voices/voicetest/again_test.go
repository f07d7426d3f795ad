package voicetest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// TestAgain wants the engine's own bytes, for the same text from a file, and for
// another one, or another voice, anew.
func TestAgain(t *testing.T) {
	engine, err := exec.LookPath("flite")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path, err := voicetest.Again(dir)
	if err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(filepath.SplitList(path)[0], "flite")
	speak := func(program, voice, text string) []byte {
		t.Helper()
		out := filepath.Join(t.TempDir(), "take.wav")
		cmd := exec.CommandContext(t.Context(), program, "-voice", voice, "-f", "-", "-o", out)
		cmd.Stdin = strings.NewReader(text)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	kept := func() int {
		t.Helper()
		files, err := os.ReadDir(filepath.Join(dir, "kept"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	for i, tc := range []struct {
		voice, text string
		kept        int
	}{{"slt", "It's 100% true.", 1}, {"slt", "It's 100% true.", 1}, {"slt", "It's 100% true.\n\nAnd so on.\n", 2}, {"rms", "It's 100% true.", 3}, {"slt", "It's 100% true.", 3}} {
		if !bytes.Equal(speak(again, tc.voice, tc.text), speak(engine, tc.voice, tc.text)) {
			t.Errorf("%d: not what the engine says", i)
		}
		if n := kept(); n != tc.kept {
			t.Errorf("%d: %d sounds are kept, want %d", i, n, tc.kept)
		}
	}
	for _, ask := range []string{"--version", "-lv"} {
		want, wantErr := exec.CommandContext(t.Context(), engine, ask).Output()
		for range 2 {
			got, err := exec.CommandContext(t.Context(), again, ask).Output()
			if string(got) != string(want) || (err == nil) != (wantErr == nil) {
				t.Errorf("%s: %q, %v; the engine says %q, %v", ask, got, err, want, wantErr)
			}
		}
	}
}
