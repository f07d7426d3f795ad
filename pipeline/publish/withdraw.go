package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// WithdrawnName is the file in an episode's folder by which it is out of the
// feed, for its source is gone or a person sent it back. It is not published, and
// no part of the build.
const WithdrawnName = "withdrawn.json"

// Withdrawal takes an episode out of the feed, whatever build of it is there.
type Withdrawal struct {
	Reason string    `json:"reason"`           // one phrase, such as "its post is gone"
	Source string    `json:"source,omitempty"` // path or address of the post that is gone; empty where a person sent it back
	When   time.Time `json:"when"`             // UTC
}

// Withdraw takes the episode in dir out of the feed; its files stay. One that is
// withdrawn already stays as it is, and done is false.
func Withdraw(dir string, w Withdrawal) (done bool, err error) {
	if gone, _ := Withdrawn(dir); gone {
		return false, nil
	}
	name := filepath.Join(dir, WithdrawnName)
	b, err := marshal(w)
	if err != nil {
		return false, writeError(name, err)
	}
	_, err = WriteFile(name, b)
	return err == nil, err
}

// Restore takes the withdrawal of the episode in dir back. Done says whether
// there was one.
func Restore(dir string) (done bool, err error) {
	err = os.Remove(filepath.Join(dir, WithdrawnName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("taking a withdrawal back: %w", err)
	}
	return true, nil
}

// Return is Restore for an episode whose source is there again. One that a person
// sent back stays where it is: a person takes that back.
func Return(dir string) (done bool, err error) {
	b, err := os.ReadFile(filepath.Join(dir, WithdrawnName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading a withdrawal: %w", err)
	}
	var w Withdrawal
	if json.Unmarshal(b, &w) == nil && w.Source == "" && w.Reason != "" {
		return false, nil
	}
	return Restore(dir)
}

// Withdrawn says whether the episode in dir is withdrawn, and why. A file that
// cannot be read withdraws it, too: somebody wanted it.
func Withdrawn(dir string) (gone bool, reason string) {
	name := filepath.Join(dir, WithdrawnName)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, ""
	}
	var w Withdrawal
	if err == nil && info.Mode().IsRegular() && info.Size() < maxRelease {
		if b, err := os.ReadFile(name); err == nil && json.Unmarshal(b, &w) == nil && w.Reason != "" {
			return true, "withdrawn: " + w.Reason
		}
	}
	return true, "withdrawn by " + name
}
