//go:build unix

package publish

import (
	"errors"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

func newPending(path string) (pending, error) {
	// In the same folder: a rename from elsewhere might be a copy.
	return renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
}

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
