package script

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text string }{ // "|" stands where the text is split
		{"two", "One is here. |Two is there."},
		{"marks", "Really? |Yes! |What?! |No."},
		{"titles", "Dr. Hale met Mrs. Ash and Prof. Roe at St. Ives. |They left."},
		{"initials", "J. R. R. Roe and A. Ash wrote it. |Then J. Roe left."},
		{"countries", "He went to the U.S. last May. |She lives in the U.S. |They met in the U.K. Senate."},
		{"times", "We met at 5 p.m. on Monday. |We left at 9 a.m. |It rained."},
		{"latin", "Bring food, e.g. Bread, i.e. Rye, etc. |We shall eat."},
		{"decimals", "It is 3.5 m high, v. 2.0.1, at $1.50. |It fell."},
		{"a number ends it", "It rose by 1. |In May it fell."},
		{"numbers", "See No. 5, p. 7 and vol. 3. |He said no. |Then yes."},
		{"companies", "Roe Inc. said so. |Ash & Co. did not. |It closed with Roe Inc. |The end."},
		{"addresses", "See example.com or a.b@c.org. |It works."},
		{"ellipses", "And so... we left. |And then… |Nobody came. . . |They slept."},
		{"quotes", "“Why?” he said. |“Because.” |She left. |'So it is.' |Yes."},
		{"quoted question goes on", "“Why?” he asked. |He left."},
		{"brackets", "It fell (see Fig. 2). |(It had been high.) |It lay (as you know, etc.) there."},
		{"exclaimed name", "He read it on Yahoo! Finance. |It was wrong."},
		{"months", "On Jan. 5 it fell. |It fell in Jan. |Nobody saw."},
		{"lists", "1. Wash it. |2. Rinse it."},
		{"notes", "He was a saint.[1] |The end came.[2][3] |Amen."},
		{"degrees", "Jane Roe, Ph.D. and M.D., spoke. |Tom Ash Jr. left. |He is Jr. |The end."},
		{"vitamin", "Take vitamin C. |It helps."},
		{"am I", "So am I. |The others are not."},
		{"dialogue", "“I know,” she said. |“You do not.”"},
		{"newlines", "One is\nhere. |Two is\nthere"},
		{"small letters", "i went home. |then i slept. |it was late"},
		{"one dash", "One. |Two — three. |— Four."},
		{"chinese", "天很晚了。|我们睡了！|真的吗？|是的"},
		{"japanese quote", "「行く。」と言った。|「はい。」"},
		{"hindi", "यह घर है। |वह पेड़ है।"},
		{"spanish", "¿Qué tal? |¡Hola! |Bien."},
		{"german", "Das ist gut. |„Ja.“ |Er ging am 5. Mai."},
		{"no words", "… |"},
		{"emphasis marks", "*One.* |Two."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var want []string
			for _, s := range strings.Split(c.text, "|") {
				if s = strings.Join(strings.Fields(s), " "); s != "" {
					want = append(want, s)
				}
			}
			got := Sentences(strings.ReplaceAll(c.text, "|", ""))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := Sentences(" \n "); got != nil {
		t.Errorf("sentences of nothing: %q", got)
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"A. B", "1.) A 2.) B", "“A?” b. C.[1] D.12 E", "。」。", ". . . .", "a\u2028.\u00a0B", "!!!\n???"} {
		f.Add(s)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	f.Fuzz(func(t *testing.T, text string) {
		if want, got := squeeze(text), squeeze(strings.Join(Sentences(text), " ")); want != got {
			t.Errorf("lost or made text:\n got %q\nwant %q", got, want)
		}
	})
}
