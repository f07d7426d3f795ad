package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestClockTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   time.Duration
		want string
	}{
		{0, "0:00"},
		{499 * time.Millisecond, "0:00"},
		{500 * time.Millisecond, "0:01"},
		{59*time.Second + 600*time.Millisecond, "1:00"},
		{12*time.Minute + 34*time.Second, "12:34"},
		{time.Hour, "1:00:00"},
		{10*time.Hour + 2*time.Minute + 3*time.Second, "10:02:03"},
	} {
		if got := clockTime(c.in); got != c.want {
			t.Errorf("clockTime(%v) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		number(0):                               "0",
		number(999):                             "999",
		number(1000):                            "1,000",
		number(1234567):                         "1,234,567",
		number(-1234):                           "-1,234",
		number(-123):                            "-123",
		count(1, "take"):                        "1 take",
		count(2000, "take"):                     "2,000 takes",
		seconds(250 * time.Millisecond):         "0.25 s",
		seconds(4 * time.Second):                "4 s",
		seconds(1234567 * time.Microsecond):     "1.23 s",
		money(1.5, "USD"):                       "1.50 USD",
		money(0.0123, "EUR"):                    "0.0123 EUR",
		money(0, ""):                            "0.00",
		cost(0, "USD", true):                    "free",
		cost(0, "USD", false):                   "not priced",
		cost(2, "USD", false):                   "at least 2.00 USD (not every endpoint has a price)",
		clip("abcdef", 6):                       "abcdef",
		clip("abcdefg", 6):                      "abcde…",
		clip("日本語", 5):                          "日本…",
		paint(true).bold("x"):                   "\x1b[1mx\x1b[0m",
		paint(false).bold("x") + "y":            "xy",
		quoteArgs([]string{"produce", "a.md"}):  "produce a.md",
		quoteArgs([]string{"it's", "*.md", ""}): `'it'\''s' '*.md' ''`,
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, indent string
		columns          int
		want             string
	}{
		{"empty", "", "  ", 20, ""},
		{"one line", "a b", "  ", 20, "  a b\n"},
		{"fits exactly", "abc def", "", 7, "abc def\n"},
		{"one too many", "abc defg", "", 7, "abc\ndefg\n"},
		{"long word", "a incomprehensible b", "> ", 8, "> a\n> incomprehensible\n> b\n"},
		{"wide characters take two columns", "日本 語", "", 6, "日本\n語\n"},
		{"no room at all", "a b", "      ", 3, "      a\n      b\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, wrap(c.in, c.indent, c.columns)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("The quick brown fox", 10)
	f.Add("日本語 text\nand more", 1)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		got := wrap(text, "  ", columns)
		if a, b := strings.Fields(text), strings.Fields(got); !cmp.Equal(a, b) {
			t.Fatalf("words changed: %q became %q", a, b)
		}
		for line := range strings.Lines(got) {
			if words := strings.Fields(line); len(words) > 1 && cells(strings.TrimRight(line, "\n")) > columns {
				t.Fatalf("line %q is wider than %d", line, columns)
			}
		}
	})
}
