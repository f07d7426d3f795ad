package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is read as an address: RFC 5321 section 4.5.3.1 allows 64 and
// 255 characters to the parts of an address of mail, RFC 1035 section 2.3.4
// 255 to a domain. Addresses of pages have no bound of their own.
const (
	mostLocal   = 64
	mostDomain  = 255
	mostAddress = 2048
)

// link finds the address of a page at i, in any language: the name of its
// host, or of the file where it is one, and where it ends.
func link(s string, i int) (name string, end int, file, ok bool) {
	host := -1
	for _, scheme := range []string{
		"https://", "http://", "ftp://", "sftp://", "ssh://", "git://", "s3://", "ws://", "wss://", "www.",
	} {
		if i+len(scheme) <= len(s) && strings.EqualFold(s[i:i+len(scheme)], scheme) {
			host = i + len(scheme)
			break
		}
	}
	if host < 0 && i+7 <= len(s) && strings.EqualFold(s[i:i+7], "file://") {
		host, file = i+7, true
	}
	if host < 0 {
		return "", 0, false, false
	}
	if !file && len(s) >= host+4 && strings.EqualFold(s[host:host+4], "www.") {
		host += 4
	}
	depth := 0
	for end = host; end < len(s) && end-i < mostAddress; {
		c, n := utf8.DecodeRuneInString(s[end:])
		if c <= ' ' || c == 0x7f || c >= 0x80 && !unicode.IsLetter(c) || c < 0x80 && strings.IndexByte("<>\"`|\\^{}", byte(c)) >= 0 {
			break
		}
		if c == '(' {
			depth++
		} else if c == ')' {
			if depth--; depth < 0 {
				break
			}
		}
		end += n
	}
	for end > host && strings.IndexByte(".,;:!?'*_]", s[end-1]) >= 0 {
		end--
	}
	if file {
		name = s[host:end]
		if slash := strings.LastIndexByte(strings.TrimSuffix(name, "/"), '/'); slash >= 0 {
			name = name[slash+1:]
		}
		return name, end, true, end > host
	}
	if authority, _, ok := strings.Cut(s[host:end], "/"); ok || authority != "" {
		// A name and a password before the host are nobody's business.
		host += strings.LastIndexByte(authority, '@') + 1
	}
	stopAt := host
	for stopAt < end && (alpha(s[stopAt]) || digit(s[stopAt]) || s[stopAt] >= utf8.RuneSelf || s[stopAt] == '.' || s[stopAt] == '-') {
		stopAt++
	}
	name = strings.Trim(s[host:stopAt], ".-")
	return name, end, false, name != ""
}

// mailbox finds an address of mail at i, in any language.
func mailbox(s string, i int) (local, domain string, end int, ok bool) {
	if len(s) >= i+7 && strings.EqualFold(s[i:i+7], "mailto:") {
		i += 7
	}
	j := i
	for j < len(s) && j-i <= mostLocal && (alpha(s[j]) || digit(s[j]) || strings.IndexByte("._%+-&'", s[j]) >= 0) {
		j++
	}
	if at(s, j) != '@' || j == i {
		return "", "", 0, false
	}
	end, dots := domainEnd(s, j+1)
	if end == j+1 || dots == 0 {
		return "", "", 0, false
	}
	last := strings.LastIndexByte(s[j+1:end], '.') + j + 2
	if digit(s[last]) || end-last < 2 {
		return "", "", 0, false
	}
	return s[i:j], s[j+1 : end], end, true
}

// domainEnd is the end of labels divided by dots, and how many dots they have.
func domainEnd(s string, i int) (end, dots int) {
	j := i
	for j < len(s) && j-i <= mostDomain {
		c := s[j]
		switch {
		case alpha(c) || digit(c) || c == '_':
		case c == '-' && j > i && wordRune(runeAt(s, j+1)):
		case c == '.' && j > i && (alpha(at(s, j+1)) || digit(at(s, j+1))) && s[j-1] != '.':
			dots++
		default:
			return j, dots
		}
		j++
	}
	return j, dots
}
