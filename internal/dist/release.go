package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// release is a version that is given out.
type release struct {
	version  string    // such as v1.2.0
	revision string    // of the source; empty where there is no git
	time     time.Time // of all files
}

// linked is what the program is told of itself.
func (r *release) linked() string {
	if r.revision == "" {
		return r.version
	}
	return r.version + " " + r.revision + " " + r.time.Format(time.RFC3339)
}

// oldest is the first time that a ZIP archive can say (APPNOTE.TXT 4.4.6, MS-DOS).
var oldest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// identify finds out which version a source is: the one that is named, else that of
// git, as Go names it: a tag's, or one made up of time and revision.
func identify(ctx context.Context, root, version string, env func(string) (string, bool)) (*release, error) {
	if version != "" && (!semver.IsValid(version) || semver.Canonical(version) != strings.TrimSuffix(version, semver.Build(version))) {
		return nil, fmt.Errorf("%q is no version such as v1.2.0 (https://semver.org)", version)
	}
	rel := &release{version: version, time: oldest}
	if err := rel.ask(ctx, root); err != nil && version == "" {
		return nil, fmt.Errorf("git does not say which version this is (%w): say it (make dist VERSION=v1.2.0)", err)
	}
	if epoch, ok := env("SOURCE_DATE_EPOCH"); ok {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("SOURCE_DATE_EPOCH is %q, and not a count of seconds", epoch)
		}
		rel.time = time.Unix(seconds, 0).UTC()
	}
	if rel.time.Before(oldest) {
		rel.time = oldest
	}
	return rel, nil
}

// ask asks git for what is not known yet.
func (r *release) ask(ctx context.Context, root string) error {
	git := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(exit.Stderr)))
		}
		return strings.TrimSpace(string(out)), err
	}
	head, err := git("log", "-1", "--format=%H %ct")
	if err != nil {
		return err
	}
	revision, at, _ := strings.Cut(head, " ")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return fmt.Errorf("git says %q", head)
	}
	r.revision, r.time = revision, time.Unix(seconds, 0).UTC()
	changed, err := git("status", "--porcelain")
	if err != nil || r.version != "" {
		return err
	}
	// No tag is no error of ours: then there is none.
	tag, _ := git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*")
	if exact, _ := git("describe", "--tags", "--exact-match", "--match", "v[0-9]*"); exact != "" && semver.IsValid(exact) {
		r.version = exact
	} else {
		if !semver.IsValid(tag) {
			tag = ""
		}
		r.version = module.PseudoVersion(semver.Major(tag), tag, r.time, revision[:min(12, len(revision))])
	}
	if changed != "" {
		r.version += "+dirty"
	}
	return nil
}
