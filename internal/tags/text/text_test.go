package text_test

import (
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/tags/text"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, line, prose string }{
		{"plain", "On Presses", "On Presses", "On Presses"},
		{"two lines", " a\r\nb\tc\n", "a  b c", "a\nb\tc"},
		{"a NUL and a bell", "a\x00b\a", "a b", "a b"},
		{"separators of Unicode", "a\u2028b\u2029c", "a b c", "a\u2028b\u2029c"},
		{"no UTF-8", "a\xffb", "a\ufffdb", "a\ufffdb"},
		{"a mark of byte order at either end", "\ufeffa\ufeff", "a", "a"},
		{"nothing", "\n", "", ""},
	} {
		if got := text.Line(tt.in); got != tt.line {
			t.Errorf("%s: on a line %q, want %q", tt.name, got, tt.line)
		}
		if got := text.Prose(tt.in); got != tt.prose {
			t.Errorf("%s: as prose %q, want %q", tt.name, got, tt.prose)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, time.UTC) }
	for in, want := range map[string]time.Time{
		"2026-11-26T08:00:00Z": day(2026, 11, 26, 8), "2026-11-26": day(2026, 11, 26, 0), "2026-11": day(2026, 11, 1, 0), "2026": day(2026, 1, 1, 0),
		"": {}, "soon": {}, "26.11.2026": {},
	} {
		if got := text.Day(in); !got.Equal(want) {
			t.Errorf("%q is %v, want %v", in, got, want)
		}
	}
}

func TestImageType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"\xff\xd8\xff\xe0": text.JPEG, "\x89PNG\r\n\x1a\n\x00": text.PNG, "\xff\xd8": "", "": "", "GIF89a": "",
	} {
		if got := text.ImageType([]byte(in)); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
