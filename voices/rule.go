package voices

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Rule says what an answer that meets all of it calls for. Providers say the
// same thing in many ways, and different things in one: a 429 is haste or an
// empty account, and some say 400 for haste.
type Rule struct {
	Status   []int    `yaml:"status,omitempty" json:"status,omitempty"`     // one of these; any, where there are none
	Path     string   `yaml:"path,omitempty" json:"path,omitempty"`         // of a value in the answer's JSON; else the answer's text as a whole
	In       []string `yaml:"in,omitempty" json:"in,omitempty"`             // it is one of these, or
	Has      []string `yaml:"has,omitempty" json:"has,omitempty"`           // has one of these in it, in upper or lower case
	Then     string   `yaml:"then" json:"then"`                             // again, wait, give_up, or pay: give up for want of credit
	Attempts int      `yaml:"attempts,omitempty" json:"attempts,omitempty"` // that it is worth in all; else retry.attempts
	Remedy   string   `yaml:"remedy,omitempty" json:"remedy,omitempty"`     // what to do, one line
}

// thens are what a rule may call for.
var thens = [...]string{"again", "wait", "give_up", "pay"}

// decide is the first of the rules that the answer meets; nil if it meets none.
func decide(rules []Rule, status int, body []byte) *Rule {
	var tree any
	parsed := false
	for i, r := range rules {
		if len(r.Status) > 0 && !slices.Contains(r.Status, status) {
			continue
		}
		if len(r.In)+len(r.Has) == 0 {
			return &rules[i]
		}
		found := []any{string(body)}
		if r.Path != "" {
			if !parsed {
				_ = json.Unmarshal(body, &tree) // of what is none, nothing is found
				parsed = true
			}
			found = all(tree, r.Path)
		}
		if slices.ContainsFunc(found, r.meets) {
			return &rules[i]
		}
	}
	return nil
}

func (r Rule) meets(x any) bool {
	text, err := toText(x)
	if err != nil {
		return false
	}
	if slices.Contains(r.In, text) {
		return true
	}
	lower := strings.ToLower(text)
	return slices.ContainsFunc(r.Has, func(part string) bool { return strings.Contains(lower, strings.ToLower(part)) })
}

// apply has the rule decide what becomes of an error.
func (r *Rule) apply(e *Error) {
	switch r.Then {
	case "again":
		e.Advice = Again
	case "wait":
		e.Advice = Wait
	default:
		e.Advice = GiveUp
	}
	if r.Attempts > 0 {
		e.most = r.Attempts
	}
	e.Remedy = r.Remedy
	if r.Remedy == "" && r.Then == "pay" {
		e.Remedy = "the account has run out of what it may use: add credit or raise its limit, then " + again
	}
}

func validateRules(rules []Rule, f *faults) {
	for i, r := range rules {
		at := fmt.Sprintf("retry.rules[%d]", i)
		f.add(!slices.Contains(thens[:], r.Then), "%s: then %q: must be %s", at, r.Then, strings.Join(thens[:], ", "))
		f.add(len(r.Status)+len(r.In)+len(r.Has) == 0, "%s: says of no answer that it is meant: give status, in or has", at)
		f.add(r.Path != "" && len(r.In)+len(r.Has) == 0, "%s: path without in or has", at)
		f.add(r.Attempts < 0, "%s: attempts must not be negative", at)
	}
}
