package voices

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAlign(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text  string
		words string   // as they are spoken, half a second each
		want  []string // pieces of the text with their start in half seconds
	}{
		"plain":                   {"Good morning, all.", "Good morning , all .", []string{"Good@0", "morning@1", "all@3"}},
		"another case":            {"GOOD Morning", "good morning", []string{"GOOD@0", "Morning@1"}},
		"a number":                {"It costs 25 now.", "It costs twenty five now", []string{"It@0", "costs@1", "25@2", "now@4"}},
		"a number at the end":     {"It costs 25.", "It costs twenty five", []string{"It@0", "costs@1", "25@2"}},
		"nothing is there":        {"25 + 3", "twenty five plus three", []string{"25 + 3@0"}},
		"short words":             {"An apple a day", "An apple a day", []string{"An@0", "apple@1", "a@2", "day@3"}},
		"a word that is not said": {"one two three four", "one three four", []string{"one@0", "two three@1", "four@2"}},
		"parts of a word":         {"I don't know", "I do n't know", []string{"I@0", "do@1", "n't@2", "know@3"}},
		"no spaces":               {"你好世界", "你好 世界", []string{"你好@0", "世界@1"}},
		"signs":                   {"Ｑ“é” 🎙 (x)", "Ｑ é x", []string{"Ｑ@0", "é@1", "x@2"}},
		"no words":                {"Hello.", "", nil},
		"no text":                 {"", "hello", nil},
	} {
		var words []word
		for i, w := range strings.Fields(test.words) {
			words = append(words, word{w, float64(i) / 2, float64(i+1) / 2})
		}
		var got []string
		for _, m := range align(test.text, words) {
			b, _ := json.Marshal(int(m.Start / (time.Second / 2)))
			got = append(got, test.text[m.From:m.To]+"@"+string(b))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTimesThatCannotBe(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for name, test := range map[string]struct {
		times []float64 // pairs
		marks int
	}{
		"right":          {[]float64{0, 1, 1, 2}, 2},
		"no ends":        {[]float64{0, nan, 1, nan}, 2},
		"no start":       {[]float64{nan, 1, 1, 2}, 0},
		"back":           {[]float64{3, 4, 1, 2}, 0},
		"ends before":    {[]float64{0, 1, 3, 2}, 0},
		"negative":       {[]float64{-1, 1, 1, 2}, 0},
		"of days":        {[]float64{0, 1, 1, 1e9}, 0},
		"no number":      {[]float64{0, 1, math.Inf(1), math.Inf(1)}, 0},
		"a little early": {[]float64{0.5, 1, 0.4995, 2}, 2},
	} {
		words := []word{{"one", test.times[0], test.times[1]}, {"two", test.times[2], test.times[3]}}
		if got := align("One two", words); len(got) != test.marks {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWordsOfAnAnswer(t *testing.T) {
	t.Parallel()
	kokoro := Marks{Text: "t.*.word", Start: "t.*.start_time", End: "t.*.end_time", Of: "words", Unit: "s"}
	eleven := Marks{Text: "a.c.*", Start: "a.s.*", End: "a.e.*", Of: "characters", Unit: "s"}
	polly := Marks{Text: "value", Start: "time", Of: "words", Unit: "ms"}
	for name, test := range map[string]struct {
		marks  Marks
		answer string
		want   string // word@start-end
	}{
		"words":            {kokoro, `{"t":[{"word":"Hi","start_time":0.1,"end_time":0.2},{"word":"you","start_time":0.3,"end_time":0.5}]}`, "Hi@0.1-0.2 you@0.3-0.5"},
		"none":             {kokoro, `{"t":null}`, ""},
		"a word without":   {kokoro, `{"t":[{"word":"Hi","end_time":0.2}]}`, "Hi@NaN-0.2"},
		"characters":       {eleven, `{"a":{"c":["H","i"," ","U"],"s":[0,1,2,3],"e":[1,2,3,4]}}`, "Hi@0-2 U@3-4"},
		"too few":          {eleven, `{"a":{"c":["H","i"],"s":[0],"e":[1,2]}}`, ""},
		"start alone":      {polly, `{"time":373,"type":"word","start":5,"end":8,"value":"had"}`, "had@0.373-NaN"},
		"of another shape": {kokoro, `[1,2]`, ""},
	} {
		var tree any
		if err := json.Unmarshal([]byte(test.answer), &tree); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range test.marks.words(tree) {
			got = append(got, w.text+"@"+formatFloat(w.start)+"-"+formatFloat(w.end))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func formatFloat(f float64) string {
	if math.IsNaN(f) {
		return "NaN"
	}
	s, _ := toText(f)
	return s
}

// FuzzAlign has any words make marks inside the text, in order.
func FuzzAlign(f *testing.F) {
	f.Add("Good morning, all.", "good morning 25 all")
	f.Add("a a a a", "a a b a")
	f.Add("\xff\xfe é", "\xff é")
	f.Fuzz(func(t *testing.T, text, spoken string) {
		var words []word
		for i, w := range strings.Split(spoken, " ") {
			words = append(words, word{w, float64(i), float64(i + 1)})
		}
		last := 0
		for _, m := range align(text, words) {
			if m.From < last || m.To <= m.From || m.To > len(text) || m.End < m.Start {
				t.Fatalf("%+v after %d in %q", m, last, text)
			}
			last = m.To
		}
	})
}

// BenchmarkAlign is linear: the last one has a hundred times the words.
func BenchmarkAlign(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(map[int]string{100: "100", 10_000: "10000"}[n], func(b *testing.B) {
			text := strings.Repeat("word 12 other ", n/3)
			var words []word
			for i, w := range strings.Fields(strings.ReplaceAll(text, "12", "twelve")) {
				words = append(words, word{w, float64(i), float64(i + 1)})
			}
			for b.Loop() {
				align(text, words)
			}
		})
	}
}
