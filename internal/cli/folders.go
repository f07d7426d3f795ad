package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/narrapress/narrapress/config"
)

// folder is one that a production writes to.
type folder struct {
	name, path string
	remedy     string
}

func foldersOf(cfg *config.Config) []folder {
	return []folder{
		{"output", cfg.Output.Dir, "choose another folder (output.dir, --out)"},
		{"store", cfg.Output.Store, "choose another folder (output.store, --store)"},
	}
}

// ground is the folder itself or the nearest one above it that is there. It is
// an error where something that is no folder stands in its place.
func (f folder) ground() (string, error) {
	at := f.path
	for {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			return "", fmt.Errorf("%s is not a folder", at)
		}
		if err == nil {
			return at, nil
		}
		above := filepath.Dir(at)
		if above == at || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return "", fmt.Errorf("%s cannot be used: %w", f.path, err)
		}
		at = above
	}
}

// writable says whether files can be made in the folder.
func (f folder) writable() error {
	at, err := f.ground()
	if err != nil {
		return err
	}
	probe, err := os.CreateTemp(at, ".narrapress-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", f.path, err)
	}
	name := probe.Name()
	err = probe.Close()
	if rerr := os.Remove(name); err == nil {
		err = rerr
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", f.path, err)
	}
	return nil
}

// occupied finds a folder whose place is taken, before anything is begun.
func occupied(cfg *config.Config) error {
	for _, f := range foldersOf(cfg) {
		if _, err := f.ground(); err != nil {
			return fmt.Errorf("%s: %w: %s", f.name, err, f.remedy)
		}
	}
	return nil
}
