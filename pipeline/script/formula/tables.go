package formula

import "strconv"

// largeTable is the number of rows or columns from which ClearSpeak counts
// the columns aloud.
const largeTable = 4

func (s *speaker) table(n *node, at *place) {
	rows, columns := len(n.kids), 0
	for _, row := range n.kids {
		columns = max(columns, len(row.kids))
	}
	switch n.shape {
	case shapeLines, shapeCases:
		what := "line"
		if n.shape == shapeCases {
			what = "case"
		}
		s.lines(n, at, what)
		return
	}
	if rows == 1 && columns == 1 {
		s.say("the 1 by 1 matrix with entry")
		s.kid(n.kids[0], 0, at)
		return
	}
	simple := rows < largeTable && columns < largeTable
	for _, row := range n.kids {
		for _, cell := range row.kids {
			simple = simple && (s.isSimple(cell) || isIndexed(cell))
		}
	}
	size := strconv.Itoa(rows) + " by " + strconv.Itoa(columns)
	switch {
	case n.shape == shapeDeterminant:
		s.say("the determinant of the", size, "matrix")
		s.matrixRows(n, at, simple)
	case columns == 1:
		s.say("the", size, "column matrix")
		for i, row := range n.kids {
			if !simple {
				s.item("Row", i)
			} else {
				s.pause(shortStop)
			}
			s.kid(row, 0, at)
		}
	case rows == 1:
		s.say("the", size, "row matrix")
		for i := range n.kids[0].kids {
			if !simple {
				s.item("Column", i)
			} else {
				s.pause(shortStop)
			}
			s.cell(n.kids[0], i, at)
		}
	default:
		s.say("the", size, "matrix")
		s.matrixRows(n, at, simple)
	}
	s.pause(longStop)
}

// isIndexed tells an entry like a sub 1 or a sub i j.
func isIndexed(n *node) bool {
	if !n.is(kindSub) || !n.kids[0].is(kindIdent) {
		return false
	}
	index := n.kids[1]
	if index.is(kindRow) {
		for _, kid := range index.kids {
			if !kid.isInteger() && !kid.is(kindIdent) {
				return false
			}
		}
		return true
	}
	return index.isInteger()
}

func (s *speaker) item(what string, i int) {
	s.pause(longStop)
	s.say(what, strconv.Itoa(i+1)+":")
}

func (s *speaker) matrixRows(n *node, at *place, simple bool) {
	for i, row := range n.kids {
		s.item("Row", i)
		for j := range row.kids {
			if !simple {
				s.pause(noStop)
				s.say("Column", strconv.Itoa(j+1)+",")
			}
			s.cell(row, j, at)
			s.pause(shortStop)
		}
	}
}

func (s *speaker) cell(row *node, i int, at *place) {
	if row.kids[i].is(kindEmpty) {
		s.say("blank")
		return
	}
	s.kid(row, i, at)
}

// lines speaks a table row by row, counted.
func (s *speaker) lines(n *node, at *place, what string) {
	title := "Line"
	if what == "case" {
		title = "Case"
	}
	count := what + "s"
	if len(n.kids) == 1 {
		count = what
	}
	s.say(strconv.Itoa(len(n.kids)), count)
	for i, row := range n.kids {
		s.item(title, i)
		for j := range row.kids {
			if len(row.kids) == 1 || s.plain {
				s.cell(row, j, at)
				continue
			}
			s.kid(row, j, at)
			if what == "case" {
				s.pause(shortStop)
			}
		}
	}
	s.pause(longStop)
}

// stack speaks one thing over another without a bar.
func (s *speaker) stack(n *node, at *place) {
	table := branch(kindTable, branch(kindTableRow, n.kids[0]), branch(kindTableRow, n.kids[1]))
	if n.marks != nil {
		table.shape = shapeMatrix
	}
	s.table(table, at)
}
