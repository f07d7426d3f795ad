package lexicon

import (
	"strings"
	"testing"
)

// Every sign is one of IPA, is given once, and is found by the longest match.
func TestXSAMPATable(t *testing.T) {
	t.Parallel()
	m := newSigns()
	if pairs := strings.Fields(xsampa); len(pairs) != 2*len(m) {
		t.Errorf("%d words for %d signs: one is given twice, or has no pair", len(pairs), len(m))
	}
	for sign, ipa := range m {
		if r, bad := notIPA(ipa); bad {
			t.Errorf("%s is %s: %q is no IPA", sign, ipa, r)
		}
		if len(sign) > longestXSAMPA {
			t.Errorf("%s is longer than %d bytes", sign, longestXSAMPA)
		}
	}
}
