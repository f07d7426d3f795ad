// Package house answers whether the tree is still built as
// docs/architecture.md says. It has tests only.
package house
