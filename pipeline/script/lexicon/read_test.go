package lexicon_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

func TestReadPLS(t *testing.T) {
	t.Parallel()
	l, err := lexicon.Load(context.Background(), "testdata/family.pls")
	if err != nil {
		t.Fatal(err)
	}
	const text = "Col.  Mainwaring, Siobhan's son and more of Leicester."
	for _, tt := range []struct {
		f    lexicon.For
		want string
	}{
		{lexicon.For{Language: "en-US"}, "Kernel Mannering, Siobhan's son and mohr of Lester."},
		{lexicon.For{Language: "en-US", Takes: anything}, "Kernel Mannering, Siobhan's{ʃəˈvɔːnz} son and mohr of Leicester{ˈlɛstə}."},
		{lexicon.For{Language: "en-GB"}, text},
	} {
		edits, _ := l.Apply(text, tt.f)
		if got := said(text, edits); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	var got []string
	for _, f := range l.Findings() {
		got = append(got, strings.TrimPrefix(f.String(), "testdata/"))
	}
	want := []string{
		`family.pls:12:3: role "x:verb" is not used: the entry holds for the word in every role`,
		`family.pls:23:3: a lexeme without a grapheme, or without a phoneme or alias: left out`,
		`family.pls:24:35: the alphabet "x-other" is not known: ipa and x-sampa are: left out`,
		`family.pls:25:35: "b<d": '<' (U+003C) is no sign of the International Phonetic Alphabet: left out`,
		`family.pls:26:55: the element "tone" is not of PLS 1.0: left out`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Lexicons of other systems come in other encodings.
func TestReadEncodings(t *testing.T) {
	t.Parallel()
	const body = `<lexicon version="1.0" alphabet="ipa" xml:lang="en"><lexeme><grapheme>Zo` + "\u00eb" + `</grapheme><alias>ZOH-ee</alias></lexeme></lexicon>`
	latin := strings.ReplaceAll(`<?xml version="1.0" encoding="iso-8859-1"?>`+body, "\u00eb", "\xeb")
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, r := range `<?xml version="1.0" encoding="utf-16"?>` + body {
		wide.Write([]byte{byte(r), byte(r >> 8)})
	}
	for name, file := range map[string]string{"UTF-8": "\xef\xbb\xbf" + body, "Latin-1": latin, "UTF-16": wide.String()} {
		l, err := lexicon.Read("x.pls", strings.NewReader(file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		edits, _ := l.Apply("Zoë", lexicon.For{Language: "en"})
		if got := said("Zoë", edits); got != "ZOH-ee" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestXSAMPA(t *testing.T) {
	t.Parallel()
	for sampa, want := range map[string]string{
		`"tSIn`: "ˈtʃɪn", `%dZ3:n@l`: "ˌdʒɜːnəl", `bo~Zu:R`: "bõʒuːʁ", `n@"ti:v`: "nəˈtiːv", `t'er`: "tʲer", `'ter`: "ˈter",
		"lIt@l=": "lɪtəl̩", "p_hat": "pʰat", "t`a:s`": "ʈaːʂ", `r\@_r`: "ɹə̝", `a.b`: "a.b", `|\|\a`: "ǁa",
	} {
		file := `<lexicon version="1.0" alphabet="x-sampa" xml:lang="en"><lexeme><grapheme>w</grapheme><phoneme>` + sampa + `</phoneme></lexeme></lexicon>`
		l, err := lexicon.Read("x.pls", strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		edits, _ := l.Apply("w", lexicon.For{Language: "en", Takes: anything})
		if len(edits) != 1 || edits[0].Phoneme != want {
			t.Errorf("%s: %v, want %s; %v", sampa, edits, want, l.Findings())
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, want string }{
		"empty":             {"", "f.yaml: is empty: write words:"},
		"comment":           {"# nothing\n", "f.yaml: is empty"},
		"list":              {"- a\n", "f.yaml:1:1: a lexicon is a map of keys and values"},
		"unknown key":       {"word:\n  a: b\n", `f.yaml:1:1: a lexicon has no key "word"; did you mean words?`},
		"version":           {"version: 2\n", `f.yaml:1:10: version "2" is not read: this program reads version 1`},
		"syntax":            {"words:\n  a: b: c\n", "f.yaml:2:3: is not YAML: mapping values are not allowed in this context: put a value"},
		"second document":   {"words: {a: b}\n---\nwords: {}\n", "f.yaml:2:1: a second YAML document"},
		"twice":             {"words:\n  a: b\n  a: c\n", `f.yaml:3:3: "a" is given twice, first in line 2`},
		"nothing":           {"words:\n  a:\n", `f.yaml:2:3: "a" is said as nothing`},
		"empty map":         {"words:\n  a: {}\n", `f.yaml:2:3: "a" is said as nothing: write say or ipa`},
		"entry's key":       {"words:\n  a: {sya: b}\n", `f.yaml:2:7: an entry has no key "sya"; did you mean say?`},
		"case":              {"words:\n  a: {say: b, case: upper}\n", `f.yaml:2:3: case "upper" is none of auto, exact, any`},
		"language":          {"words:\n  a: {say: b, language: e_n!}\n", `f.yaml:2:3: "e_n!" is no language tag`},
		"document":          {"words:\n  a: {say: b, document: '[a'}\n", `f.yaml:2:3: "[a" is no pattern of a path`},
		"ipa":               {"words:\n  a: {ipa: 'a\"b'}\n", `f.yaml:2:3: "a": '"' (U+0022) is no sign`},
		"inflect":           {"words:\n  a: {say: b, inflect: maybe}\n", "f.yaml:2:24: want true or false"},
		"alias":             {"words:\n  a: &x b\n  c: *x\n", "f.yaml:3:6: an alias"},
		"merge":             {"words:\n  <<: {a: b}\n", "f.yaml:2:3: a key has to be a text"},
		"no word":           {"words:\n  ' ': b\n", "f.yaml:2:3: an entry without a word"},
		"long word":         {"words:\n  " + strings.Repeat("a", 201) + ": b\n", "is longer than 200 bytes"},
		"pattern":           {"patterns:\n  - {match: 'a(', say: b}\n", "f.yaml:2:5: match is no regular expression (RE2): missing closing ): `a(`"},
		"group":             {"patterns:\n  - {match: 'a(b)', say: c$2}\n", "f.yaml:2:5: say: $2 names no group"},
		"glued group":       {"patterns:\n  - {match: 'a(b)', say: $1st}\n", "f.yaml:2:5: say: $1st names no group"},
		"dollar":            {"patterns:\n  - {match: 'a', say: a $ b}\n", "f.yaml:2:5: say: $ alone says nothing"},
		"matches nothing":   {"patterns:\n  - {match: 'a*', say: b}\n", "f.yaml:2:5: the pattern \"a*\" also matches nothing"},
		"patterns":          {"patterns: {a: b}\n", "f.yaml:1:11: patterns is a list of {match, say}"},
		"pattern's key":     {"patterns:\n  - {mtach: a, say: b}\n", `f.yaml:2:6: a pattern has no key "mtach"; did you mean match?`},
		"known":             {"known: a\n", "f.yaml:1:8: known is a list of words"},
		"known word":        {"known: [a, {b: c}]\n", "f.yaml:1:12: "},
		"known as nothing":  {"known: [a, '']\n", "f.yaml:1:12: an empty text"},
		"not UTF-8":         {"words: {a: \xff}\n", "f.yaml: is not UTF-8"},
		"not PLS":           {"<html></html>", `f.yaml:1:1: is XML, but no PLS lexicon: its element is "html"`},
		"XML":               {"<lexicon>\n <lexeme></x>\n</lexicon>", "f.yaml:2:14: is not XML: element <lexeme> closed by </x>"},
		"cut off":           {"<lexicon version='1.0'>\n<lexeme>", "f.yaml:2:9: is not XML: "},
		"entity of its own": {"<!DOCTYPE l [<!ENTITY a 'aaa'>]>\n<lexicon><lexeme><grapheme>&a;</grapheme></lexeme></lexicon>", "is not XML: invalid character entity &a;"},
		"depth":             {"<lexicon><lexeme><grapheme>" + strings.Repeat("<a>", 1000), "elements are nested deeper than 32"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lexicon.Read("f.yaml", strings.NewReader(tt.file))
			var fault *lexicon.Error
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := lexicon.Load(ctx, "testdata/names.yaml"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for file, want := range map[string]string{dir: "is no file", filepath.Join(dir, "x.yaml"): "no such file"} {
		if _, err := lexicon.Load(context.Background(), file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// What is read is a text: words that YAML has a meaning for are words.
func TestYAMLWords(t *testing.T) {
	t.Parallel()
	l, err := lexicon.Read("f.yaml", strings.NewReader("words:\n  no: number\n  1984: nineteen eighty-four\n  null: yes\nknown: [on]\n"))
	if err != nil {
		t.Fatal(err)
	}
	edits, _ := l.Apply("no 1984 null", lexicon.For{})
	if got := said("no 1984 null", edits); got != "number nineteen eighty-four yes" {
		t.Error(got)
	}
}

func fuzzRead(f *testing.F, name string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		l, err := lexicon.Read(name, strings.NewReader(file))
		var fault *lexicon.Error
		switch {
		case err != nil && !errors.As(err, &fault):
			t.Fatalf("no place: %v", err)
		case err != nil:
			return
		}
		text := file + " Szilard’s bass v12"
		edits, _ := l.Apply(text, lexicon.For{Language: "en", Takes: anything})
		if why := wellFormed(text, edits); why != "" {
			t.Fatalf("%q: %s: %v", text, why, edits)
		}
	})
}

func FuzzYAML(f *testing.F) {
	whole, err := os.ReadFile("testdata/names.yaml")
	if err != nil {
		f.Fatal(err)
	}
	fuzzRead(f, "f.yaml", string(whole), "words: {a: b}", "words: {a: [{say: b}, c]}\nknown: [d]", "patterns: [{match: a+, say: b}]")
}

func FuzzPLS(f *testing.F) {
	whole, err := os.ReadFile("testdata/family.pls")
	if err != nil {
		f.Fatal(err)
	}
	fuzzRead(f, "f.pls", string(whole), "<lexicon><lexeme><grapheme>a</grapheme><alias>b</alias></lexeme></lexicon>")
}

// The lexicon that docs/text.md shows is one.
func TestDocs(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "text.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## The lexicon\n")
	_, file, _ := strings.Cut(section, "```yaml\n")
	file, _, _ = strings.Cut(file, "```")
	l, err := lexicon.Read("docs/text.md", strings.NewReader(file))
	if err != nil || l.Len() < 6 {
		t.Fatal(err, l.Len())
	}
	edits, _ := l.Apply("Szilard's Notre Dame, v12", lexicon.For{Language: "en"})
	if got := said("Szilard's Notre Dame, v12", edits); got != "SIL-ard's noh-ter DAHM, version 12" {
		t.Error(got)
	}
}
