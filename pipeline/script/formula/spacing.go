package formula

import (
	"strings"
)

// state handles commands that change what follows in the group, or nothing
// that can be heard.
func (p *parser) state(name string) bool {
	switch name {
	case "rm", "bf", "it", "cal", "frak", "sf", "tt":
		p.take()
		p.font = fonts[name]
		return true
	case "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "nonumber",
		"notag", "!", ",", ":", ";", ">", " ", "quad", "qquad", "enspace", "enskip", "thinspace", "medspace",
		"thickspace", "negthinspace", "negmedspace", "negthickspace", "nobreak", "allowbreak", "noindent",
		"hfill", "hline", "toprule", "midrule", "bottomrule", "big", "Big", "bigg", "Bigg", "bigl", "Bigl",
		"biggl", "Biggl", "bigr", "Bigr", "biggr", "Biggr", "bigm", "Bigm", "biggm", "Biggm", "middle",
		"mathstrut", "strut", "normalsize", "small", "large", "Large", "tiny", "boldmath", "relax", "/",
		"null", "mathbin", "mathrel", "mathord", "mathopen", "mathclose", "mathpunct", "mathinner",
		"smash", "(", ")", "centering", "protect", "everymath":
		p.take()
		return true
	case "hspace", "vspace", "kern", "mkern", "hskip", "mskip", "mspace", "label", "tag", "color", "hphantom",
		"vphantom", "phantom", "cline", "rule", "raisebox", "hspace*", "vspace*":
		p.take()
		p.skipArgument(name)
		return true
	}
	return false
}

// skipArgument passes what a spacing command takes: a group or a length.
func (p *parser) skipArgument(name string) {
	p.rewind()
	if p.pos < len(p.src) && p.src[p.pos] == '*' {
		p.pos++
	}
	p.skipSpace()
	switch {
	case p.pos >= len(p.src):
	case p.src[p.pos] == '{':
		p.braced()
		if name == "rule" || name == "raisebox" {
			p.braced()
		}
	case strings.HasSuffix(name, "kern") || strings.HasSuffix(name, "skip"):
		for p.pos < len(p.src) && (isDigit(p.src[p.pos]) || strings.IndexByte("-+. ", p.src[p.pos]) >= 0) {
			p.pos++
		}
		for n := 0; n < 2 && p.pos < len(p.src) && isLetter(p.src[p.pos]); n++ {
			p.pos++
		}
	}
}
