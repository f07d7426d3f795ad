package podcast_test

import (
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

func TestParseCategory(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"a whole category", "Technology", "Technology"},
		{"of other capitals, with spaces", "  true   CRIME ", "True Crime"},
		{"a part of one", "Society & Culture/Philosophy", "Society & Culture/Philosophy"},
		{"a part, with spaces around the slash", "society & culture / philosophy", "Society & Culture/Philosophy"},
		{"as it stands in XML", "Health &amp; Fitness/Medicine", "Health & Fitness/Medicine"},
		{"nothing after the slash", "Arts/ ", "Arts"},
		{"the part of another", "Arts/Philosophy", ""},
		{"a part without its category", "Philosophy", ""},
		{"a part of one that has none", "History/Rome", ""},
		{"unknown", "Presses", ""},
		{"nothing", "", ""},
	} {
		c, ok := podcast.ParseCategory(tt.in)
		if got := c.String(); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q is %q (%v), want %q", tt.name, tt.in, got, ok, tt.want)
		}
	}
}

// TestCategories wants each that is offered to be understood.
func TestCategories(t *testing.T) {
	t.Parallel()
	all := podcast.Categories()
	const apples = 19 + 91 // categories and their parts
	if len(all) != apples {
		t.Errorf("%d categories, want %d", len(all), apples)
	}
	for _, name := range all {
		if c, ok := podcast.ParseCategory(name); !ok || c.String() != name {
			t.Errorf("%q is %q (%v)", name, c, ok)
		}
	}
}

func TestUnlisted(t *testing.T) {
	t.Parallel()
	yes := true
	in := podcast.Show{ID: "lamp", Title: "The Lamp", Category: []string{"Arts"}, Explicit: &yes, Type: "serial", Owner: podcast.Owner{Name: "A", Email: "a@example.org"}, Locked: true}
	out := in.Unlisted()
	if out.ID != "lamp" || out.Title != "The Lamp" {
		t.Errorf("what is heard was lost: %+v", out)
	}
	if out.Category != nil || out.Explicit != nil || out.Type != "" || out.Owner != (podcast.Owner{}) || out.Locked {
		t.Errorf("left of what only a feed says: %+v", out)
	}
	if in.Category == nil {
		t.Error("the show itself was changed")
	}
}
