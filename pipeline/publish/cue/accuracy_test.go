package cue_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// truth are the words of a text in an engine's speech, and when each begins.
type truth struct {
	words []int // bytes of the text
	at    []float64
}

// TestAccuracy compares when phrases begin, by pauses and by characters, with
// what engines tell of their own speech. NARRAPRESS_ACCURACY names a text file,
// a paragraph a line; without it a few of the test's own are spoken.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	texts := strings.Split(strings.TrimSpace(phrases), "\n")
	if path := os.Getenv("NARRAPRESS_ACCURACY"); path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	for _, engine := range []struct {
		name                   string
		speak                  func(*testing.T, string, string) (truth, bool)
		pauses, chars, byMarks float64 // 95 % are nearer than that, in seconds
	}{
		{"espeak-ng", espeak, 0.2, 0.8, 0.01},
		{"flite", flite, 0.6, 0.8, 0.01},
	} {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			off := map[string][]float64{}
			for _, text := range texts {
				wav := filepath.Join(t.TempDir(), "a.wav")
				told, ok := engine.speak(t, text, wav)
				if !ok {
					continue
				}
				file, err := os.ReadFile(wav)
				if err != nil {
					t.Fatal(err)
				}
				sound, err := record.Listen(context.Background(), file)
				if err != nil {
					t.Fatal(err)
				}
				speech := cue.Speech{Text: text, Length: sound.Seconds(), Guard: record.GuardSeconds, Trimmed: float64(sound.In) / float64(sound.Rate)}
				bare := speech
				speech.Energies = sound.Energies
				marked := bare
				for i, from := range told.words {
					to, end := len(strings.TrimRight(text, " ")), float64(sound.Frames)/float64(sound.Rate)
					if i+1 < len(told.words) {
						to, end = told.words[i+1]-1, told.at[i+1]
					}
					marked.Marks = append(marked.Marks, voices.Mark{Start: seconds(told.at[i]), End: seconds(end), From: from, To: to})
				}
				for name, s := range map[string]cue.Speech{"pauses": speech, "characters": bare, "marks": marked} {
					clock := cue.NewClock(s, 0)
					for i, from := range told.words[1:] {
						if phraseBefore(text, from) {
							want := podcast.Seconds(told.at[i+1] - speech.Trimmed)
							d := float64(clock.At(from) - want)
							off[name] = append(off[name], max(d, -d))
						}
					}
				}
			}
			if len(off) == 0 {
				t.Skip("the engine is not here")
			}
			for name, most := range map[string]float64{"pauses": engine.pauses, "characters": engine.chars, "marks": engine.byMarks} {
				d := off[name]
				slices.Sort(d)
				median, far := d[len(d)/2], d[len(d)*95/100]
				t.Logf("%s: %d phrases, median %.3f s, 95 %% within %.3f s", name, len(d), median, far)
				if far > most {
					t.Errorf("by %s 95 %% of phrases begin within %.3f s, want %.3f", name, far, most)
				}
			}
		})
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// phraseBefore says whether a phrase ends before the word at from.
func phraseBefore(text string, from int) bool {
	before := strings.TrimRight(text[:from], ` "'”’)`)
	return before != "" && strings.ContainsAny(before[len(before)-1:], ".,;:!?")
}

// espeak tells of each word by an event of its library.
func espeak(t *testing.T, text, wav string) (truth, bool) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "python3", "testdata/espeak_words.py", text, wav).Output()
	if err != nil {
		return truth{}, false
	}
	var told truth
	runes := []rune(text)
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		place, ms, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(place)
		at, err2 := strconv.ParseFloat(ms, 64)
		if err != nil || err2 != nil || n < 1 || n > len(runes) {
			t.Fatalf("%q", lines.Text())
		}
		from := len(string(runes[:n-1]))
		if k := len(told.words); k > 0 && from <= told.words[k-1] {
			continue // another word of a number
		}
		told.words, told.at = append(told.words, from), append(told.at, at/1000)
	}
	return told, len(told.words) > 1
}

// flite tells of its sounds only: a phrase begins after each of its pauses. A
// text with as many pauses as phrases tells of those.
func flite(t *testing.T, text, wav string) (truth, bool) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "flite", "-voice", "slt", "-psdur", "-o", wav, "-t", text).Output()
	if err != nil {
		return truth{}, false
	}
	told := truth{words: []int{0}, at: []float64{0}}
	var starts []float64
	for sound := range strings.FieldsSeq(string(out)) {
		name, end, _ := strings.Cut(sound, ":")
		at, err := strconv.ParseFloat(end, 64)
		if err != nil {
			t.Fatalf("%q", sound)
		}
		if name == "pau" {
			starts = append(starts, at)
		}
	}
	if len(starts) < 2 {
		return truth{}, false
	}
	told.at[0] = starts[0]
	for i := 1; i < len(text); i++ {
		if text[i-1] == ' ' && phraseBefore(text, i) {
			told.words = append(told.words, i)
		}
	}
	starts = starts[:len(starts)-1]
	if len(starts) != len(told.words) {
		return truth{}, false
	}
	told.at = starts
	return told, len(told.words) > 1
}

const phrases = `
The press stood at the back of the shop, where the light was best. Every morning, before the others came, she oiled it. It took an hour, sometimes more.
When the first sheet came off, nobody spoke; then someone laughed, and the room was loud again. It was a good sheet, black and even.
He asked for the small type, the one from Leiden, and for a quire of the thin paper. There was none left. Would the grey one do? It would, he said, if it had to.
Rain fell for a week: on the roofs, on the river, on the stacks in the yard. The ink would not dry. They hung the sheets from the beams, waited, and played cards.
`
