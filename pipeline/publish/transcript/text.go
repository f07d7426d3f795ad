package transcript

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/script"
)

// paragraph is what one speaker says without a break, or a chapter's title.
type paragraph struct {
	chapter string // where it is a title
	speaker string
	start   podcast.Seconds
	text    string
}

// longBreak is the pause after which a paragraph ends where the script does not
// say what does.
const longBreak = 500 * time.Millisecond

// paragraphs are the transcript as it is read from the beginning. A heading
// that says no more than the title of its chapter is that title.
func (t *transcript) paragraphs() []paragraph {
	var out []paragraph
	chapter := -1
	going := false // the last paragraph is not over
	var last *part
	for i := range t.parts {
		p := &t.parts[i]
		if c := t.chapterAt(p.clock.Start()); c != chapter {
			chapter, going = c, false
			title := cue.Plain(t.episode.Chapters[c].Title)
			if title != "" && !alike(title, t.episode.Title) {
				out = append(out, paragraph{chapter: title, start: t.episode.Chapters[c].Start})
			}
		}
		if p.segment.Role == script.RoleHeading && len(out) > 0 && alike(out[len(out)-1].chapter, p.Text) {
			going = false
			continue
		}
		if going && p.speaker == last.speaker && p.segment.Role == last.segment.Role {
			out[len(out)-1].text += " " + p.Text
		} else {
			out = append(out, paragraph{speaker: p.speaker, start: p.clock.Start(), text: p.Text})
		}
		going, last = !ends(p.segment), p
	}
	return out
}

// chapterAt is the index of the chapter that a time is in; −1 without any.
func (t *transcript) chapterAt(at podcast.Seconds) int {
	const rounding = 1e-3
	i, found := slices.BinarySearchFunc(t.episode.Chapters, at+rounding, func(c podcast.Chapter, at podcast.Seconds) int {
		if c.Start <= at {
			return -1
		}
		return 1
	})
	if found {
		return i
	}
	return i - 1
}

// ends says whether a paragraph ends with a segment.
func ends(seg *script.Segment) bool {
	if len(seg.Between.Ends) == 0 {
		return seg.Pause >= longBreak
	}
	for _, e := range seg.Between.Ends {
		if e != script.EdgeWord && e != script.EdgeClause && e != script.EdgeSentence {
			return true
		}
	}
	return false
}

// alike compares the words of two texts.
func alike(a, b string) bool {
	words := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " ")
	}
	a, b = words(a), words(b)
	return a != "" && strings.EqualFold(a, b)
}

// writeText writes plain text: title and author, chapters with when they begin,
// paragraphs, and who speaks where that changes.
func writeText(b *bytes.Buffer, t *transcript) error {
	title, author := cue.Plain(t.episode.Title), t.author()
	if title != "" {
		b.WriteString(title + "\n")
	}
	if author != "" {
		b.WriteString(author + "\n")
	}
	speaker := ""
	for _, p := range t.paragraphs() {
		if p.chapter != "" {
			b.WriteString("\n\n" + p.chapter + " (" + clock(p.start) + ")\n")
			continue
		}
		b.WriteByte('\n')
		if p.speaker != speaker && p.speaker != "" {
			b.WriteString(p.speaker + ": ")
		}
		speaker = p.speaker
		b.WriteString(p.text + "\n")
	}
	return nil
}

func (t *transcript) author() string {
	if t.episode.Author != "" {
		return cue.Plain(t.episode.Author)
	}
	return cue.Plain(t.show.Author)
}

// clock is a time as a player shows it: 4:05, 1:04:05.
func clock(s podcast.Seconds) string {
	n := int(max(0, s))
	two := func(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	if n >= 3600 {
		return strconv.Itoa(n/3600) + ":" + two(n/60%60) + ":" + two(n%60)
	}
	return strconv.Itoa(n/60) + ":" + two(n%60)
}
