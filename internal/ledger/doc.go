// Package ledger answers what was spent, and keeps to what may be spent in a
// day and in a month: it writes down every request to an endpoint before it is
// made and after it.
//
// A ledger is a folder with a file a month, ledger-2026-11.tsv, that a person
// can read and a spreadsheet can open:
//
//	time                 what      id            show     episode   endpoint  characters  cost       currency
//	2026-11-23T03:15:04Z asked     9f31c2aa-1    Curated  presses   studio    120         0.00180000 USD
//	2026-11-23T03:15:05Z answered  9f31c2aa-1    Curated  presses   studio    120         0.00180000 USD
//
// Lines are only ever added, each at once and under a lock that all processes
// share, so two of them cannot spend the same money. What was asked counts as
// spent until its second line says that it was refused: a process that dies in
// between may have been answered. A line that was cut off by a crash is passed
// over; its request was not made yet.
//
// Days and months are those of UTC, as providers count them.
package ledger
