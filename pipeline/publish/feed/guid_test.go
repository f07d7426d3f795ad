package feed

import (
	"testing"
	"time"
)

// The value is that of the podcast namespace's own example.
func TestShowGUID(t *testing.T) {
	t.Parallel()
	tests := []struct{ id, address, want string }{
		{"", "https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"},
		{"", "http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"},
		{"my show", "https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"},
		{"0F1E2D3C-4B5A-4968-8776-655443322110", "https://podnews.net/rss", "0f1e2d3c-4b5a-4968-8776-655443322110"},
	}
	for _, tt := range tests {
		if got := showGUID(tt.id, tt.address); got != tt.want {
			t.Errorf("%q, %s: %s, want %s", tt.id, tt.address, got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 2*60*60)
	tests := []struct {
		date time.Time
		want string
	}{
		{time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "Mon, 23 Nov 2026 08:00:00 +0000"},
		{time.Date(2026, 3, 1, 0, 0, 0, 0, east), "Sun, 01 Mar 2026 00:00:00 +0200"},
		{time.Time{}, ""},
		{time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), ""},
	}
	for _, tt := range tests {
		if got := rfc2822(dated(tt.date)); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.date, got, tt.want)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	for _, tt := range []struct{ base, want string }{
		{"https://example.org", "https://example.org/a%20b/50%25%3F.mp3"},
		{"https://example.org/p%20q/", "https://example.org/p%20q/a%20b/50%25%3F.mp3"},
	} {
		f, err := open(Options{Out: out, BaseURL: tt.base})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.address("a b", "50%?.mp3"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.base, got, tt.want)
		}
	}
}
