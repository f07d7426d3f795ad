package lexicon_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

func survey(t testing.TB, l *lexicon.Lexicon, language string, sentences ...string) []lexicon.Unknown {
	t.Helper()
	s, err := lexicon.NewSurvey()
	if err != nil {
		t.Fatal(err)
	}
	for _, sentence := range sentences {
		s.Add(sentence, l, lexicon.For{Language: language})
	}
	return s.Unknown()
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	l := names(t)
	for _, tt := range []struct {
		name, text string
		want       map[string]lexicon.Reason
	}{
		{"plain English", "I'm sure they'd've read it: the colour of well-kept, pre-war houses wasn't re-examined on Thursday in Paris.", nil},
		{"inflections", "The vlogger's unhelpfulness overshadowed microfinancing; blogs were rebloggable.", map[string]lexicon.Reason{"vlogger": lexicon.Foreign, "rebloggable": ""}},
		{"names", "Ms Hrdlicka and Jones met Nguyen, Wojtyla and Szilard.", map[string]lexicon.Reason{"Hrdlicka": lexicon.Foreign, "Wojtyla": lexicon.Foreign}},
		{"sentence's first word", "Resist. However, they did.", nil},
		{"acronyms", "NASA, the FBI, GPTs, XVII and ZORG with STOP signs", map[string]lexicon.Reason{"ZORG": lexicon.Capitals}},
		{"humps", "YouTube, a pageTitle, McDonald and qwxSort", map[string]lexicon.Reason{"qwxSort": lexicon.Mixed}},
		{"digits", "10am, the 1990s, 3rd, H2 and k8s", map[string]lexicon.Reason{"k8s": lexicon.Mixed}},
		{"letters", "a naïve café and Łódź, Москва", map[string]lexicon.Reason{"Łódź": lexicon.Letters, "Москва": lexicon.Letters}},
		{"no words", "see main.go, https://qwx.example/zzyzx, bob@zzyzx.org, @zzyzx, #zzyzx, e.g. 3.14", nil},
		{"known and in the lexicon", "Tensorflow, kubectl, nginx, the basses, GIF", map[string]lexicon.Reason{"GIF": ""}},
		{"compounds", "a newsfeed and a toolchain", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			unknown := survey(t, l, "en-GB", tt.text)
			got, want := map[string]lexicon.Reason{}, map[string]lexicon.Reason{}
			for _, u := range unknown {
				got[u.Word] = u.Reason
			}
			for w, r := range tt.want {
				if r != "" {
					want[w] = r
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownCounts(t *testing.T) {
	t.Parallel()
	sentences := []string{"Zzyzx.", "Wrzeszcz and Zzyzx’s Zzyzx.", "None.", "Zzyzx!", "Zzyzx?"}
	got := survey(t, nil, "", sentences...)
	want := []lexicon.Unknown{
		{Word: "Zzyzx", Count: 5, Reason: lexicon.Foreign, Sentences: []int{0, 1, 3}},
		{Word: "Wrzeszcz", Count: 1, Reason: lexicon.Foreign, Sentences: []int{1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := survey(t, nil, "pl", sentences...); len(got) > 0 {
		t.Errorf("Polish has no list of words: %v", got)
	}
}

func BenchmarkUnknown(b *testing.B) {
	sentences := make([]string, 1000)
	for i := range sentences {
		sentences[i] = "The other people of the village came late, and Szilard’s unhelpful friends had gone to Wrzeszcz by then."
	}
	for b.Loop() {
		if u := survey(b, nil, "", sentences...); len(u) == 0 {
			b.Fatal(u)
		}
	}
}
