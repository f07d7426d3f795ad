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
		{"German ordinals", "Er kam auf den 2. Platz. |Das war am 14. Tag der Reise. |Im Jahr 14. |Das ist so."},
		{"German streets", "Er lebt in der St.-Johann-Str. 14 am Hafen. |Dort ist es still."},
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
		{"times with a zone or a day", "We met at 5 p.m. Eastern time, or at 9 a.m. Monday. |Ann left."},
		{"small letters", "i went home. |then i slept. |it was late"},
		{"one dash", "One. |Two — three. |— Four."},
		{"chinese", "天很晚了。|我们睡了！|真的吗？|是的"},
		{"japanese quote", "「行く。」と言った。|「はい。」"},
		{"hindi", "यह घर है। |वह पेड़ है।"},
		{"spanish", "¿Qué tal? |¡Hola! |Bien."},
		{"german", "Das ist gut. |„Ja.“ |Er ging am 5. Mai."},
		{"no words", "… |"},
		{"arabic", "هل هذا صحيح؟ |نعم. |شكرا"},
		{"urdu", "یہ گھر ہے۔ |وہ باغ ہے۔"},
		{"marks apart", "Really ? ! |Yes . . . |It runs on .NET now."},
		{"no capitals", "i saw it. |what did you see? |the sea! |so we left"},
		{"no capitals, ends that are short", "i looked it up. |they had it in. |i took tea, milk, etc. |it was late"},
		{"one capital forgotten", "They told us about the old house. |it has nine rooms and a well."},
		{"cut short before a small letter", "They spoke of the govt. it serves and of the dept. they left, i.e. the army."},
		{"a small letter in a quotation", "She asked “why?” and he said “no!” and that was that."},
		{"small letters in German", "Wir kamen z. B. mit dem Zug an, ca. drei Std. vor ihnen."},
		{"small letters in Polish", "Kupił chleb, masło itd. i poszedł do domu."},
		{"space forgotten", "It fell on the floor.|They left it there...|Nobody minded."},
		{"no space in a name", "The file is main.The(x) or system.Out or example.Com."},
		{"possessive", "It is my brother's. |Taking it would be wrong, as it is the boss's. |Next came rain."},
		{"figure in brackets", "The town (pop. 9,000) and its mill (est. 1802) burned."},
		{"attribution", "(Our own report) |The bridge is shut. |(Jo Roe) |“We had no choice.”"},
		{"bracket that goes on", "(Some) people and (as they say) the rest left."},
		{"addresses in a row", "The pages are http://a.example/x |http://b.example/y |They are new."},
		{"address goes on", "You may write to jo@roe.example and to www.roe.example for more."},
		{"address before a German noun", "Auf www.roe.example Bilder suchen und an jo@roe.example Briefe senden."},
		{"mail header", "Jo Roe |05/06/2001 09:15 AM |Will you come? |Yes."},
		{"a date is no header", "We met on 05/06/2001 09:15 AM GMT in Rome."},
		{"faces", "We had fun :) |Now it rains :-( |It will end."},
		{"rules", "This is the end. ---------- |New things come. *** |They are good."},
		{"blank to fill in", "My name is ____ Roe and I am ____ years old."},
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
	for _, s := range []string{
		"A. B", "1.) A 2.) B", "“A?” b. C.[1] D.12 E", "。」。", ". . . .", "a\u2028.\u00a0B", "!!!\n???",
		"it fell.The end...And i", "a@b.cc The", "A 1/2/2003 4:05 AM B", "*** A ---- B", "(A b) C :) D ? .E", "\xff.\xe2 \x80",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		whole(t, text)
		for i, s := range sentences(text) {
			if i > 0 && !strings.ContainsFunc(text[s.from:s.to], speakable) {
				t.Errorf("nothing to say in %q", text[s.from:s.to])
			}
		}
	})
}
