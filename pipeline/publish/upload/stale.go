package upload

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// stale are the files that were sent to the target, are there as they were sent,
// and that no manifest names any more but that of a withdrawn episode, in order. A
// target may hold much else, of any name: what this program did not send is nobody's
// to remove. Of an episode that is held back, or whose manifest cannot be read,
// nothing is stale.
func (u *upload) stale(files []*file, there map[string]seen) ([]string, error) {
	wanted := map[string]bool{}
	for _, f := range files {
		wanted[f.name] = true
	}
	unread, withdrawn := map[string]bool{}, map[string]bool{}
	entries, err := os.ReadDir(u.o.Out)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", u.o.Out, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		dir := filepath.Join(u.o.Out, e.Name())
		m, err := publish.ReadHead(dir)
		if err != nil {
			unread[e.Name()] = !errors.Is(err, fs.ErrNotExist)
			continue
		}
		if withdrawn[e.Name()], _ = publish.Withdrawn(dir); withdrawn[e.Name()] {
			continue
		}
		for _, f := range m.Files {
			wanted[e.Name()+"/"+f.Name] = true
		}
	}
	names := []string{}
	for name, was := range u.inventory.Files {
		folder, _, _ := strings.Cut(name, "/")
		if is, ok := there[name]; ok && was.is(is) && !wanted[name] && !unread[folder] {
			names = append(names, name)
			if withdrawn[folder] {
				u.res.Withdrawn++
			}
		}
	}
	slices.Sort(names)
	return names, nil
}
