package main

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// operator is a kind of change.
type operator string

const (
	boundary operator = "boundary" // < and <=, > and >= change places
	negated  operator = "negated"  // == becomes !=, < becomes >=, and so on
	offByOne operator = "offbyone" // a whole number is one more; where 1 is added or taken away, nothing is
	dropped  operator = "dropped"  // an assignment or a call whose results nobody takes is left out
	noError  operator = "noerror"  // nil is returned in place of an error
	andOr    operator = "andor"    // && and || change places
	never    operator = "never"    // the condition of an if is false
)

var operators = []operator{boundary, negated, offByOne, dropped, noError, andOr, never}

var (
	bounds    = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}
	negations = map[token.Token]token.Token{
		token.LSS: token.GEQ, token.LEQ: token.GTR, token.GTR: token.LEQ, token.GEQ: token.LSS, token.EQL: token.NEQ, token.NEQ: token.EQL,
	}
	junctions = map[token.Token]token.Token{token.LAND: token.LOR, token.LOR: token.LAND}
)

// change is text that takes the place of a stretch of a file.
type change struct {
	operator operator
	from, to token.Pos
	with     string
}

// changesOf are those that a node can have; around are the nodes that it stands in,
// from the outside in.
func changesOf(n ast.Node, around []ast.Node) []change {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return ofBinary(n)
	case *ast.BasicLit:
		return ofLiteral(n, around)
	case *ast.ExprStmt:
		if _, ok := n.X.(*ast.CallExpr); ok {
			return []change{{dropped, n.Pos(), n.End(), ""}}
		}
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return []change{{dropped, n.Pos(), n.End(), ""}}
		}
	case *ast.ReturnStmt:
		return ofReturn(n, around)
	case *ast.IfStmt:
		// What the condition names stays named: else it would rarely compile.
		return []change{{never, n.Cond.Pos(), n.Cond.Pos(), "false && ("}, {never, n.Cond.End(), n.Cond.End(), ")"}}
	}
	return nil
}

func ofBinary(n *ast.BinaryExpr) (out []change) {
	for _, kind := range []struct {
		operator operator
		to       map[token.Token]token.Token
	}{{boundary, bounds}, {negated, negations}, {andOr, junctions}} {
		if to, ok := kind.to[n.Op]; ok {
			out = append(out, change{kind.operator, n.OpPos, n.OpPos + token.Pos(len(n.Op.String())), to.String()})
		}
	}
	return out
}

// ofLiteral leaves out what says nothing about behaviour: permissions, which are
// written in octal, and the capacity that make is given.
func ofLiteral(n *ast.BasicLit, around []ast.Node) []change {
	if n.Kind != token.INT || len(n.Value) > 1 && n.Value[0] == '0' && strings.ContainsAny(n.Value[1:2], "oO01234567") {
		return nil
	}
	v, err := strconv.ParseUint(n.Value, 0, 63)
	if err != nil {
		return nil
	}
	with := strconv.FormatUint(v+1, 10)
	switch parent := around[len(around)-1].(type) {
	case *ast.BinaryExpr:
		if (parent.Op == token.ADD || parent.Op == token.SUB) && parent.Y == n && v == 1 {
			with = "0"
		}
	case *ast.CallExpr:
		if f, ok := parent.Fun.(*ast.Ident); ok && f.Name == "make" && len(parent.Args) == 3 && parent.Args[2] == n {
			return nil
		}
	}
	return []change{{offByOne, n.Pos(), n.End(), with}}
}

// ofReturn is for a return whose last result is an error that is at hand, or is
// made there; a call may do more than to fail.
func ofReturn(n *ast.ReturnStmt, around []ast.Node) []change {
	results := resultsAround(around)
	if results == nil || results.NumFields() != len(n.Results) {
		return nil
	}
	if t, ok := results.List[len(results.List)-1].Type.(*ast.Ident); !ok || t.Name != "error" {
		return nil
	}
	last := n.Results[len(n.Results)-1]
	switch e := last.(type) {
	case *ast.Ident:
		if e.Name == "nil" {
			return nil
		}
	case *ast.CallExpr:
		f, ok := e.Fun.(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		if from, ok := f.X.(*ast.Ident); !ok || from.Name != "errors" && (from.Name != "fmt" || f.Sel.Name != "Errorf") {
			return nil
		}
	case *ast.UnaryExpr:
		if e.Op != token.AND {
			return nil
		}
	default:
		return nil
	}
	return []change{{noError, last.Pos(), last.End(), "nil"}}
}

// resultsAround are the results of the innermost function.
func resultsAround(around []ast.Node) *ast.FieldList {
	for i := len(around) - 1; i >= 0; i-- {
		switch f := around[i].(type) {
		case *ast.FuncDecl:
			return f.Type.Results
		case *ast.FuncLit:
			return f.Type.Results
		}
	}
	return nil
}
