package vorbis

import (
	"testing"
	"time"
)

// Chapters that are hours apart are in order of time also where a number has 32 bits.
func TestChaptersInOrder(t *testing.T) {
	t.Parallel()
	tag := Tag{Chapters: []Chapter{{Title: "b", Start: 3 * time.Hour}, {Title: "a"}, {Title: "c", Start: 90 * time.Hour}}}
	got, err := tag.check()
	if err != nil || len(got) != 3 || got[0].Title != "a" || got[1].Title != "b" || got[2].Title != "c" {
		t.Errorf("%+v, %v", got, err)
	}
}
