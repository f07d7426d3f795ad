package script

import (
	"strings"

	"github.com/narrapress/narrapress/pipeline/document"
)

// recast is who speaks a role in the chapter that is rendered, over the show's
// cast: role → voice.
type recast struct {
	here map[string]string
	next map[string]string // in the chapter that begins with the next words
}

// turn begins another chapter.
func (c *recast) turn() { c.here, c.next = c.next, nil }

// casts obeys the directive cast: a role and a voice.
func (r *renderer) casts(argument string, pos document.Pos) {
	i := strings.LastIndexByte(argument, ' ')
	if i < 0 {
		r.find(pos, "cast %s names a role or a voice: write both, such as cast quote %s", argument, argument)
		return
	}
	role, voice := argument[:i], argument[i+1:]
	if _, known := r.cast(role); !known {
		r.find(pos, "cast %s: the show has no role %q: it is spoken as the rest", argument, role)
		return
	}
	if is, _ := r.cast(voice); !is {
		r.find(pos, "cast %s: %q is no voice of the show: it is spoken as the rest", argument, voice)
		return
	}
	all := &r.recast.here
	if r.chapter != nil && *r.chapter != "" { // a directive has begun one
		all = &r.recast.next
	}
	if *all == nil {
		*all = map[string]string{}
	}
	(*all)[role] = voice
}

// voiceOf is the voice of a directive that speaks a role here; "" leaves it to
// the show's cast.
func (r *renderer) voiceOf(role string) string {
	if r.voice != "" {
		return r.voice
	}
	return r.recastAs(role)
}

// recastAs is the voice that was cast in a role for this chapter. A role that
// the show casts itself does not follow the one that it would fall back to.
func (r *renderer) recastAs(role string) string {
	for {
		if voice, ok := r.recast.here[role]; ok {
			return voice
		}
		if role == RoleBody {
			return ""
		}
		if r.Cast != nil {
			if _, own := r.Cast(role); own {
				return ""
			}
		}
		if strings.HasPrefix(role, "speaker:") {
			role = RoleQuote
		} else {
			role = RoleBody
		}
	}
}

// sameVoice says whether two parts of the cast are spoken by one voice here.
func (r *renderer) sameVoice(x, y string) bool {
	here := func(p string) string {
		if strings.HasPrefix(p, "voice:") {
			return p
		}
		return part(p, r.recastAs(p))
	}
	return r.Brief.sameVoice(here(x), here(y))
}
