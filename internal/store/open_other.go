//go:build !unix

package store

import "os"

// openFile opens a file or folder for reading.
func openFile(path string) (*os.File, error) { return os.Open(path) }

// createFile makes a file that is not there.
func createFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// exists says whether there is something at a path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
