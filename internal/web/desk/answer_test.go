package desk

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestText writes texts as HTML, and reads them with another parser.
func TestText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":            "A bridge over the river.",
		"markup":           `<b title="x">'Q&A' &amp; &#65;</b>`,
		"Latin":            "Käse, crème brûlée · ÿ",
		"quotes":           "“Well…” – she said",
		"controls":         "a\u0085b\u0099c", // as references they would be other characters
		"other alphabets":  "Москва 東京 \U0001f600",
		"combining":        "e\u0301 a\u200db \ufeff",
		"what was no text": "a\xffb",
	} {
		t.Run(name, func(t *testing.T) {
			for _, asIs := range []bool{false, true} {
				var out bytes.Buffer
				a := &answer{b: bufio.NewWriter(&out), asIs: asIs}
				_, _ = a.b.WriteString(`<p title="`)
				a.text(text)
				_, _ = a.b.WriteString(`">`)
				a.text(text)
				_ = a.b.Flush()
				if latinOnly := !strings.ContainsFunc(out.String(), func(r rune) bool { return r > latin }); !asIs && !latinOnly {
					t.Errorf("other characters in %q", out.String())
				}
				z := html.NewTokenizer(&out)
				z.Next()
				tag := z.Token()
				z.Next()
				want := strings.ToValidUTF8(text, "\ufffd")
				if got := strings.ToValidUTF8(tag.Attr[0].Val, "\ufffd"); got != want {
					t.Errorf("as it is %v: attribute %q, not %q", asIs, got, want)
				}
				if got := strings.ToValidUTF8(z.Token().Data, "\ufffd"); got != want {
					t.Errorf("as it is %v: text %q, not %q", asIs, got, want)
				}
			}
		})
	}
}
