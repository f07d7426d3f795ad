package cron

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	at, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNext(t *testing.T) {
	t.Parallel()
	const form = "2006-01-02 15:04 -0700"
	for _, c := range []struct {
		name, expression, zone, after string
		want                          []string
	}{
		{
			"skipped", "30 2 * * *", "Europe/Berlin", "2026-03-28 00:00 +0100",
			[]string{"2026-03-28 02:30 +0100", "2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"},
		},
		{
			"many are skipped", "*/20 * * * *", "Europe/Berlin", "2026-03-29 01:39 +0100",
			[]string{"2026-03-29 01:40 +0100", "2026-03-29 03:00 +0200", "2026-03-29 03:20 +0200"},
		},
		{
			"repeated", "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00 +0200",
			[]string{"2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"},
		},
		{
			"asked within the second of two hours", "*/20 * * * *", "Europe/Berlin", "2026-10-25 02:10 +0100",
			[]string{"2026-10-25 03:00 +0100"},
		},
		{
			"skipped half an hour", "10 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00 +1030",
			[]string{"2026-10-04 02:30 +1100", "2026-10-05 02:10 +1100"},
		},
		{
			"repeated half an hour", "*/15 1 * * *", "Australia/Lord_Howe", "2026-04-05 01:20 +1100",
			[]string{"2026-04-05 01:30 +1100", "2026-04-05 01:45 +1100", "2026-04-06 01:00 +1030"},
		},
		{
			"midnight is skipped", "0 0 * * *", "America/Santiago", "2026-09-05 12:00 -0400",
			[]string{"2026-09-06 01:00 -0300", "2026-09-07 00:00 -0300"},
		},
		{
			"a whole day is skipped", "0 12 * * *", "Pacific/Apia", "2011-12-29 12:00 -1000",
			[]string{"2011-12-31 00:00 +1400", "2011-12-31 12:00 +1400"},
		},
		{
			"either day", "0 6 13 * 5", "UTC", "2026-11-01 00:00 +0000",
			[]string{"2026-11-06 06:00 +0000", "2026-11-13 06:00 +0000", "2026-11-20 06:00 +0000"},
		},
		{
			"a leap day, past 2100", "0 0 29 2 *", "UTC", "2096-03-01 00:00 +0000",
			[]string{"2104-02-29 00:00 +0000"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse(c.expression)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(form, c.after)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range c.want {
				var ok bool
				if at, ok = e.Next(at, zone(t, c.zone)); !ok {
					t.Fatal("it never comes again")
				}
				got = append(got, at.Format(form))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                        "is empty: write minute",
		"  ":                      "is empty",
		"1 2 3":                   "expected exactly 5 fields",
		"61 * * * *":              "above maximum",
		"x * * * *":               "failed to parse int from x: write minute",
		"0 0 30 2 *":              "never comes",
		"@every 5m":               "counts from when the program was started",
		"@noon":                   "unrecognized descriptor",
		"TZ=":                     "the zone has a key of its own",
		"CRON_TZ=UTC 0 0 * * *":   "the zone has a key of its own",
		"0 0 * * * *":             "expected exactly 5 fields",
		"*/0 * * * *":             "step of range should be a positive number",
		"0 5 * * mon-fri":         "",
		" @daily ":                "",
		"0,30 8-18/2 1 jan,JUL *": "",
	} {
		_, err := Parse(text)
		switch {
		case says == "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case says != "" && (err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "strconv")):
			t.Errorf("%q: got %v, want %q", text, err, says)
		}
	}
	if next, ok := new(Expression).Next(time.Unix(0, 0), time.UTC); ok {
		t.Errorf("the zero value comes at %v", next)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"30 5 * * 1-5", "@weekly", "TZ=", "*/7,3-5 0 29 feb *", "0 0 31 4 *"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			return
		}
		after := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		next, ok := e.Next(after, time.UTC)
		if !ok || !next.After(after) {
			t.Errorf("%q: after %v comes %v, %v", s, after, next, ok)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	e, err := Parse("*/5 * * * *")
	if err != nil {
		b.Fatal(err)
	}
	at := zone(b, "Europe/Berlin")
	t := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		t, _ = e.Next(t, at)
	}
}
