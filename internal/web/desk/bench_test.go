package desk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/voices/voicetest"
)

// long is a text of so many paragraphs, none like another, of two segments each but
// for a few that have one.
func long(paragraphs int) string {
	var b strings.Builder
	b.WriteString("---\ntitle: A long letter\n---\n\n")
	for i, text := range voicetest.Texts(paragraphs, 7) {
		if i%100 == 0 {
			fmt.Fprintf(&b, "## Part %d\n\n", i/100+1)
		}
		if i == paragraphs/2 {
			b.WriteString("Leo Szilard kept the letters of that year in a drawer, where they were found again by accident. ")
		}
		fmt.Fprintf(&b, "%s Line %d of it was written down by hand, and read aloud to whoever would listen on that day.\n\n", strings.ReplaceAll(text, "\n", " "), i+1)
	}
	return b.String()
}

// thousands is how many paragraphs make 5,000 segments.
const thousands = 2660

// BenchmarkOpen opens a text of 5,000 segments: the page's bytes, and in Chromium
// until the first screen is laid out and answers a key (usable), and until all of it
// is there and laid out (opened); then it is scrolled from end to end. First is a
// text that has never been read as it is. The times are medians; -v tells the least
// and the most of them. The longest task of the page's main thread while it is
// scrolled is told, in ms.
func BenchmarkOpen(b *testing.B) {
	p, address, _, _ := began(b, map[string]string{"narrapress.yaml": show, "long.md": long(thousands)})
	at := address + river + "script?source=long.md"
	b.Run("bytes", func(b *testing.B) {
		for b.Loop() {
			res, err := http.Get(at)
			if err != nil {
				b.Fatal(err)
			}
			var body bytes.Buffer
			if _, err := body.ReadFrom(res.Body); err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
			if n := strings.Count(body.String(), "<li id=\"s"); n < 5000 || n > 5100 {
				b.Fatalf("%d segments", n)
			}
			b.SetBytes(int64(body.Len()))
		}
	})
	b.Run("chromium", func(b *testing.B) {
		node, chromium, readers := browser(b)
		type opening struct{ Rows, Usable, Opened, Task float64 }
		open := func() (seen opening) {
			out, err := exec.CommandContext(b.Context(), node, filepath.Join("testdata", "large.mjs"), readers, chromium, at).Output()
			if err != nil {
				b.Fatal(err)
			}
			if err := json.Unmarshal(out, &seen); err != nil {
				b.Fatalf("%s: %v", out, err)
			}
			if seen.Rows < 5000 || seen.Rows > 5100 {
				b.Fatalf("%v rows", seen.Rows)
			}
			return seen
		}
		var usable, opened [2][]float64 // of a text that is new, and of one that is known
		task := 0.0
		for b.Loop() {
			text := long(thousands) + fmt.Sprintf("\n\nWritten down for the %dth time.\n", len(usable[0])+1)
			if err := os.WriteFile(filepath.Join(p.dir, "long.md"), []byte(text), 0o644); err != nil {
				b.Fatal(err)
			}
			for i := range usable {
				seen := open()
				usable[i], opened[i] = append(usable[i], seen.Usable), append(opened[i], seen.Opened)
				task = max(task, seen.Task)
			}
		}
		for name, all := range map[string][]float64{
			"ms-first-usable": usable[0], "ms-first-opened": opened[0], "ms-usable": usable[1], "ms-opened": opened[1],
		} {
			slices.Sort(all)
			b.ReportMetric(all[len(all)/2], name)
			b.Logf("%s: from %.0f to %.0f", name, all[0], all[len(all)-1])
		}
		b.ReportMetric(task, "ms-longest-task")
	})
}

// BenchmarkMend mends a name in an episode of more than an hour. Of the time from the
// respelling until the corrected sentence is there to be heard in context, what
// the endpoint took is left out; made is from there to the episode on disk.
func BenchmarkMend(b *testing.B) {
	const paragraphs = 420
	_, address, endpoint, _ := began(b, map[string]string{"narrapress.yaml": show, "long.md": long(paragraphs)})
	send := func(what string, fields url.Values) {
		fields.Set("source", "long.md")
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address+river+what, strings.NewReader(fields.Encode()))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Narrapress-Desk", "1")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer res.Body.Close()
		var body bytes.Buffer
		if _, err := body.ReadFrom(res.Body); err != nil {
			b.Fatal(err)
		}
		if res.StatusCode >= 300 {
			b.Fatalf("%s: %d %s", what, res.StatusCode, body.String())
		}
	}
	whole := func() time.Duration {
		start := time.Now()
		send("make", url.Values{})
		for {
			res, err := http.Get(address + river + "rows")
			if err != nil {
				b.Fatal(err)
			}
			var body bytes.Buffer
			if _, err := body.ReadFrom(res.Body); err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
			switch text := body.String(); {
			case strings.Contains(text, "failed: "):
				b.Fatal(text)
			case !strings.Contains(text, `"state live"`):
				return time.Since(start)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	whole()
	// The segment in the middle that has the name.
	res, err := http.Get(address + river + "script?source=long.md")
	if err != nil {
		b.Fatal(err)
	}
	var page bytes.Buffer
	if _, err := page.ReadFrom(res.Body); err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
	segment := ""
	for row := range strings.SplitSeq(page.String(), `<li id="s`) {
		id, rest, _ := strings.Cut(row, `"`)
		if n, err := strconv.Atoi(id); err == nil && n > 0 && strings.Contains(rest, "Szilard") {
			segment = id
			break
		}
	}
	n := 0
	for b.Loop() {
		n++
		word := url.Values{"segment": {segment}, "word": {"Szilard"}, "say": {fmt.Sprintf("sill ard %d", n)}}
		before := endpoint.Stats().Requests
		start := time.Now()
		send("word", word)
		heard := time.Since(start)
		asked := endpoint.Stats().Requests - before
		start = time.Now()
		send("word", word) // the same, spoken: what is ours alone
		ours := time.Since(start)
		word.Set("keep", "1")
		word.Set("scope", "episode")
		send("word", word)
		made := whole()
		b.ReportMetric(made.Seconds()*1000, "ms-made")
		b.ReportMetric(heard.Seconds()*1000, "ms-heard")
		b.ReportMetric(ours.Seconds()*1000, "ms-ours")
		b.ReportMetric(float64(asked), "requests")
	}
}
