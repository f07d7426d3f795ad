package formula

// buildGroup understands the content of braces. Letters alone that spell a
// named function are that function, as in {sin}(x).
func buildGroup(nodes []*node) *node {
	if len(nodes) >= 2 && len(nodes) <= len("arcsin") {
		name := ""
		for _, n := range nodes {
			if !n.is(kindIdent) {
				name = ""
				break
			}
			name += n.text
		}
		if f, ok := functions[name]; ok {
			return &node{kind: kindIdent, text: name, class: f.class}
		}
	}
	return buildRow(nodes)
}

// buildRow finds the structure of a row: fences first, then punctuation, then
// functions with their arguments, relations, and operators last.
func buildRow(nodes []*node) *node {
	kept := nodes[:0:0]
	for _, n := range nodes {
		if n != nil && !n.is(kindEmpty) {
			kept = append(kept, n)
		}
	}
	switch len(kept) {
	case 0:
		return empty()
	case 1:
		return single(kept[0])
	}
	return splitList(casesAfterBrace(matchFences(kept)))
}

// single closes a row of one node: a fence alone is only a mark.
func single(n *node) *node {
	switch n.class {
	case classOpen, classClose, classNeutral:
		n.class = classPunct
	}
	return n
}

// casesAfterBrace turns a lone brace before a table into cases.
func casesAfterBrace(nodes []*node) []*node {
	out := nodes[:0:0]
	for i, n := range nodes {
		if n.isSymbol("{") && i+1 < len(nodes) && nodes[i+1].is(kindTable) {
			continue
		}
		if n.is(kindTable) && i > 0 && nodes[i-1].isSymbol("{") {
			table := *n
			table.shape = shapeCases
			n = &table
		}
		out = append(out, n)
	}
	return out
}

// splitList parts a row at its punctuation and its text.
func splitList(nodes []*node) *node {
	splits := func(i int) bool {
		n := nodes[i]
		if n.class == classPunct || n.is(kindText) && n.class == classOperand {
			return true
		}
		if !n.isSymbol("…") {
			return false
		}
		bare := func(j int) bool {
			if j < 0 || j >= len(nodes) {
				return false
			}
			switch nodes[j].class {
			case classPunct, classOperator, classRelation:
				return true
			}
			return nodes[j].is(kindText)
		}
		// 1 + … + n: an operand. a, …, b too. Else it ends one, as in a…b.
		before, after := bare(i-1), bare(i+1)
		return !(before && (after || i == len(nodes)-1) || i == 0 && after)
	}
	list := branch(kindList)
	from := 0
	for i := range nodes {
		if !splits(i) {
			if nodes[i].apart && i > from {
				list.add(splitRelations(bindFunctions(nodes[from:i])))
				from = i
			}
			continue
		}
		if i > from {
			list.add(splitRelations(bindFunctions(nodes[from:i])))
		}
		list.add(nodes[i])
		if nodes[i].class == classPunct {
			list.puncts++
		}
		from = i + 1
	}
	if from == 0 {
		return splitRelations(bindFunctions(nodes))
	}
	if from < len(nodes) {
		list.add(splitRelations(bindFunctions(nodes[from:])))
	}
	if len(list.kids) == 1 {
		return list.kids[0]
	}
	return list
}

// splitRelations parts a row at = < → and their kin.
func splitRelations(nodes []*node) *node {
	n := branch(kindRelation)
	from := 0
	for i, kid := range nodes {
		if kid.class != classRelation {
			continue
		}
		n.add(splitOperators(nodes[from:i]))
		n.marks = append(n.marks, kid)
		from = i + 1
	}
	switch {
	case from == 0:
		return splitOperators(nodes)
	case len(nodes) == 1:
		return nodes[0]
	}
	n.add(splitOperators(nodes[from:]))
	return n
}

// splitOperators parts a row at + − × into operands. An operator where no
// operand came before is a prefix; one with none after it, a postfix. The
// order of the operators makes no difference to the ear, so there is no
// precedence here.
func splitOperators(nodes []*node) *node {
	var operands, infixes, prefixes []*node
	if len(nodes) == 1 {
		return nodes[0]
	}
	for i := 0; i < len(nodes); {
		if nodes[i].class == classOperator {
			if len(operands) > 0 && len(prefixes) == 0 && len(infixes) < len(operands) {
				if last := len(operands) - 1; isPercent(nodes[i]) && (i+1 == len(nodes) || nodes[i+1].class == classOperator) {
					operands[last] = affix(kindPostfix, operands[last], nodes[i])
				} else {
					infixes = append(infixes, nodes[i])
				}
			} else {
				prefixes = append(prefixes, nodes[i])
			}
			i++
			continue
		}
		from := i
		for i < len(nodes) && nodes[i].class != classOperator {
			i++
		}
		operand := juxtapose(nodes[from:i])
		if len(prefixes) > 0 {
			operand = affix(kindPrefix, operand, prefixes...)
			prefixes = nil
		}
		operands = append(operands, operand)
	}
	switch {
	case len(operands) == 0 && len(prefixes) == 0:
		return empty()
	case len(operands) == 0:
		return branch(kindRow, prefixes...)
	}
	// What is left over at the end follows the last operand.
	if len(infixes) == len(operands) {
		prefixes = append([]*node{infixes[len(infixes)-1]}, prefixes...)
		infixes = infixes[:len(infixes)-1]
	}
	if len(prefixes) > 0 {
		last := len(operands) - 1
		operands[last] = affix(kindPostfix, operands[last], prefixes...)
	}
	if len(operands) == 1 {
		return operands[0]
	}
	n := branch(kindInfix, operands...)
	n.marks = infixes
	return n
}

func isPercent(n *node) bool {
	return n.is(kindSymbol) && (n.text == "%" || n.text == "‰" || n.text == "‱")
}

func affix(k kind, operand *node, marks ...*node) *node {
	n := branch(k, operand)
	n.marks = append(n.marks, marks...)
	return n
}

// juxtapose joins operands with nothing between them. A number before a
// fraction of small whole numbers is a mixed number.
func juxtapose(nodes []*node) *node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	n := branch(kindRow)
	for _, kid := range nodes {
		if last := len(n.kids) - 1; last >= 0 && kid.is(kindFraction) && kid.vulgar() &&
			n.kids[last].is(kindNumber) && len(n.kids[last].kids) == 0 {
			mixed := branch(kindNumber, kid)
			mixed.text = n.kids[last].text
			n.kids[last] = mixed
			continue
		}
		n.add(kid)
	}
	if len(n.kids) == 1 {
		return n.kids[0]
	}
	return n
}

// vulgar tells a fraction of whole numbers.
func (n *node) vulgar() bool {
	return n.is(kindFraction) && n.kids[0].isInteger() && n.kids[1].isInteger()
}
