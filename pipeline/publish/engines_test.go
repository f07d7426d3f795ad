package publish_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// node is the Node.js that the oldest system has on which the tests run (Debian 12).
const node = 18

// triedOnNode are packages that ask for a later Node.js than that and were seen to
// run on 18.20.8, as the readers use them.
var triedOnNode = map[string]string{"file-type": "21.3.4"}

// atLeast and only are the forms of a clause in which packages say which Node.js
// they run on.
var (
	atLeast = regexp.MustCompile(`^>=\s*(\d+)(\.[\dx]+)*$`)
	only    = regexp.MustCompile(`^(\d+)\.x$`)
)

// runsOn says whether a package with this in its "engines" runs on a Node.js; ok is
// false where it is of a form that is not known here.
func runsOn(engines string, major int) (runs, ok bool) {
	for clause := range strings.SplitSeq(engines, "||") {
		clause = strings.TrimSpace(clause)
		if m := atLeast.FindStringSubmatch(clause); m != nil {
			from, _ := strconv.Atoi(m[1])
			runs = runs || major >= from
		} else if m := only.FindStringSubmatch(clause); m != nil {
			it, _ := strconv.Atoi(m[1])
			runs = runs || major == it
		} else if clause != "*" {
			return false, false
		} else {
			runs = true
		}
	}
	return runs, true
}

// TestReadersRunOnNode looks whether the readers that scripts/setup pins, and what
// they need in turn, run on the Node.js of Debian 12: npm itself only warns.
func TestReadersRunOnNode(t *testing.T) {
	t.Parallel()
	for engines, want := range map[string]bool{
		">=18": true, ">= 18.20.1": true, ">=20": false, "4.x || >=6.0.0": true, ">= 10.x": true, "18.x || 20.x": true, "20.x || >=22": false, "*": true,
	} {
		if got, ok := runsOn(engines, node); got != want || !ok {
			t.Errorf("%q: %t, understood %t", engines, got, ok)
		}
	}
	b, err := os.ReadFile("../../bin/readers/node_modules/.package-lock.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the readers are not there; scripts/setup --test installs them where npm is")
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Engines json.RawMessage // a list in very old packages
		}
	}
	if err == nil {
		err = json.Unmarshal(b, &lock)
	}
	if err != nil || len(lock.Packages) < 10 {
		t.Fatalf("%d packages: %v", len(lock.Packages), err)
	}
	for path, p := range lock.Packages {
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		var engines struct{ Node string }
		if json.Unmarshal(p.Engines, &engines) != nil || engines.Node == "" {
			continue // it does not say
		}
		if runs, ok := runsOn(engines.Node, node); !ok || !runs && triedOnNode[name] != p.Version {
			t.Errorf("%s %s runs on Node.js %s: try it on %d, or pin another version", name, p.Version, engines.Node, node)
		}
	}
}
