package source

import (
	"net/url"
	"regexp"
	"strings"
)

// tracking are the parameters that are put into addresses to see who came by
// them, and that no page depends on.
var tracking = regexp.MustCompile(`(?i)^(utm_[a-z0-9_]+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|yclid|_hsenc|_hsmi)$`)

// Canonical is an address as it is compared: its scheme and host in lower case,
// without a default port, fragment, credentials, tracking parameters and a slash
// at its end (RFC 3986, section 6, and what sites do beyond it). It is empty
// where that is no address of the web.
func Canonical(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" {
		return ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port == "" {
		return ""
	}
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ":"+port)
	u.User, u.Fragment, u.RawFragment, u.ForceQuery = nil, "", "", false
	var kept []string
	for _, pair := range strings.Split(u.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !tracking.MatchString(name) {
			kept = append(kept, pair)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	path := strings.TrimRight(u.EscapedPath(), "/")
	u.RawPath = path
	if u.Path, err = url.PathUnescape(path); err != nil {
		return ""
	}
	return u.String()
}
