package page

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// stretches are those of a text that begin with the words given, a second each.
func stretches(text string, begin ...string) []podcast.Word {
	var out []podcast.Word
	at := 0
	for i, b := range begin {
		at += strings.Index(text[at:], b)
		if i > 0 {
			out[i-1].To = at
		}
		out = append(out, podcast.Word{Start: podcast.Seconds(10 + i), End: podcast.Seconds(11 + i), From: at, To: len(text)})
	}
	return out
}

// unfolded reads what fold wrote as a browser does.
func unfolded(t *testing.T, folded json.RawMessage, shown string) []string {
	t.Helper()
	var n []int
	if err := json.Unmarshal(folded, &n); err != nil || len(n)%3 != 0 {
		t.Fatalf("%s: %v", folded, err)
	}
	text := utf16.Encode([]rune(shown))
	var out []string
	ms, to := 10_000, 0
	for ; len(n) > 0; n = n[3:] {
		ms += n[0]
		from := to + n[1]
		to = from + n[2]
		out = append(out, fmt.Sprintf("%.1f %s", float64(ms)/1000, string(utf16.Decode(text[from:to]))))
	}
	return out
}

func TestParts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, shown string
		sentences, words  []string // how they begin
		want, wantWords   []string
	}{
		{
			name: "two", text: "It was lit. It was out.", shown: "It was lit. It was out.",
			sentences: []string{"It was l", "It was o"}, want: []string{"10.0 It was lit.", "11.0 It was out."},
		},
		{"one is the whole", "It was lit.", "It was lit.", []string{"It"}, nil, nil, nil},
		{
			name: "marks that open, and signs of two units", text: "So it was 🔥. “Out,” he said.", shown: "So 𝒾𝓉 it was 🔥. “Out,” he said.",
			sentences: []string{"So", "“Out"}, want: []string{"10.0 So 𝒾𝓉 it was 🔥.", "11.0 “Out,” he said."},
		},
		{
			name: "more is shown than said, and less", text: "A wick, trimmed. Fire burns there. And oil, of fish.", shown: "A wick, trimmed.3\n And (see 4) oil, of fish.",
			sentences: []string{"A", "Fire", "And"}, want: []string{"10.0 A wick, trimmed.3", "12.0 And (see 4) oil, of fish."},
		},
		{
			name: "words", text: "It was lit again.", shown: "It was lit, again.",
			sentences: []string{"It"}, words: []string{"It", "was", "again"}, wantWords: []string{"10.0 It", "11.0 was", "12.0 again"},
		},
		{"nothing is shown", "It was. And is.", "", []string{"It", "And"}, []string{"It"}, nil, nil},
		{"other words are shown", "It was. And is.", "x", []string{"It", "And"}, []string{"It"}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := podcast.Cue{Start: 10, Text: tt.text, Sentences: stretches(tt.text, tt.sentences...), Words: stretches(tt.text, tt.words...)}
			sentences, words := parts(c, tt.shown)
			if diff := cmp.Diff(tt.want, unfolded(t, fold(10, sentences, tt.shown), tt.shown)); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.wantWords, unfolded(t, fold(10, words, tt.shown), tt.shown)); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPartsOfAPage has a segment in two places, with markup in it.
func TestPartsOfAPage(t *testing.T) {
	t.Parallel()
	texts, err := shownTexts(`<p><span class="s" data-s="2">A &amp; <em>b</em>.</span></p><ul><li><span class="s" data-s="3">C</span></li></ul><p><span class="s" data-s="2"> D <math><mi>x</mi></math></span> e</p>`)
	if diff := cmp.Diff(map[int]string{2: "A & b. D x", 3: "C"}, texts); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestPartsOfALongEpisode bounds the time of a page with the times of every word.
func TestPartsOfALongEpisode(t *testing.T) {
	t.Parallel()
	took := func(n int) time.Duration {
		text := strings.Repeat("The lamp was lit again and again. ", 8)
		var cues []podcast.Cue
		var article strings.Builder
		for i := range n {
			c := podcast.Cue{Segment: i + 1, Text: text}
			for from := 0; from < len(text); from += len(text) / 8 {
				c.Sentences = append(c.Sentences, podcast.Word{From: from, To: from + len(text)/8})
			}
			for at := range strings.SplitSeq(text, " ") {
				c.Words = append(c.Words, podcast.Word{To: len(at)})
			}
			cues = append(cues, c)
			fmt.Fprintf(&article, `<p><span class="s" data-s="%d">%s</span></p>`, i+1, text)
		}
		v := view{Article: template.HTML(article.String())}
		start := time.Now()
		if _, err := timed(cues, v); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	took(50)
	small, large := took(500), took(5000)
	t.Logf("500 segments %v, 5000 %v", small, large)
	if large > 30*small+2*time.Second {
		t.Errorf("ten times the text takes %v, and the text %v", large, small)
	}
}
