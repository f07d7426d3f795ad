package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// overlay is the file that -overlay takes: which file stands for which.
type overlay struct{ Replace map[string]string }

// lay writes the fault's file and the overlay into a folder, and says whether
// the program of the first trial compiles with it, or the package where there is none.
func (g *gardener) lay(ctx context.Context, f *fault, trials []trial) (folder string, ok bool, err error) {
	if folder, err = os.MkdirTemp(g.scratch, "fault"); err != nil {
		return "", false, err
	}
	changed := filepath.Join(folder, filepath.Base(f.file))
	if err := os.WriteFile(changed, f.text(), 0o600); err != nil {
		return folder, false, err
	}
	b, err := json.Marshal(overlay{map[string]string{f.file: changed}})
	if err != nil {
		return folder, false, err
	}
	if err := os.WriteFile(filepath.Join(folder, "overlay.json"), b, 0o600); err != nil {
		return folder, false, err
	}
	if len(trials) > 0 {
		err = g.compile(ctx, trials[0].pkg, folder)
	} else {
		_, err = goCommand(ctx, g.root, "build", "-p", "1", "-overlay", filepath.Join(folder, "overlay.json"), f.pkg.ImportPath)
	}
	return folder, err == nil, ctx.Err()
}

// without is the package's test program as it is.
func (g *gardener) without(ctx context.Context, p *pkg) (string, error) {
	g.mu.Lock()
	if g.sound == nil {
		g.sound = map[*pkg]*program{}
	}
	s := g.sound[p]
	if s == nil {
		s = &program{folder: filepath.Join(g.scratch, fmt.Sprintf("sound-%d", len(g.sound)))}
		g.sound[p] = s
	}
	g.mu.Unlock()
	s.once.Do(func() { s.err = g.compile(ctx, p, s.folder) })
	return filepath.Join(s.folder, testProgram), s.err
}

const testProgram = "fault.test"

// compile makes the package's test program in a folder, with the overlay that is there.
func (g *gardener) compile(ctx context.Context, p *pkg, folder string) error {
	args := []string{"test", "-c", "-vet=off", "-p", "1", "-ldflags=-s -w", "-o", filepath.Join(folder, testProgram)}
	if over := filepath.Join(folder, "overlay.json"); exists(over) {
		args = append(args, "-overlay", over)
	}
	_, err := goCommand(ctx, g.root, append(args, p.ImportPath)...)
	return err
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
