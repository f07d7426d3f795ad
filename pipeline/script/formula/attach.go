package formula

// scripts attaches what follows as _ ^ and primes.
func (p *parser) scripts(base *node) *node {
	var sub, sup []*node
	for {
		t := p.peek()
		switch {
		case t.kind == tokenPrime:
			p.take()
			sup = append(sup, symbol("′"))
			continue
		case t.kind == tokenScript:
			p.take()
			arg := p.argument()
			if t.text == "_" {
				sub = append(sub, arg)
			} else {
				sup = append(sup, arg)
			}
			continue
		case t.kind == tokenCommand && (t.text == "limits" || t.text == "nolimits"):
			p.take()
			continue
		}
		return attach(base, sub, sup)
	}
}

// attach puts scripts on a base: limits where the base takes limits, else
// the subscript inside and the superscript outside.
func attach(base *node, sub, sup []*node) *node {
	if len(sub) == 0 && len(sup) == 0 {
		return base
	}
	class := base.class
	if base.is(kindAccent) && base.marks[0].text == "brace" {
		// The label of a brace stands beyond it.
		below := base.below
		if below && len(sub) > 0 {
			base, sub = branch(kindUnder, base, buildRow(sub)), nil
		}
		if !below && len(sup) > 0 {
			base, sup = branch(kindOver, base, buildRow(sup)), nil
		}
	}
	lined := base.is(kindAccent) && base.marks[0].text == "line"
	if !lined && (class == classBigOp || class == classIntegral || class == classLimit) {
		n := branch(kindLimits, base, buildRow(sub), buildRow(sup))
		n.class = class
		return n
	}
	if len(sub) > 0 {
		base = branch(kindSub, base, buildRow(sub))
		base.class = class
	}
	if len(sup) > 0 {
		base = branch(kindSup, base, buildRow(sup))
		base.class = class
	}
	return base
}
