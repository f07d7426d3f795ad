// Package page answers how an episode is a page of the web: its article with
// each spoken sentence marked, and around it what plays it.
//
// A page is one file, which loads its audio and the images of its folder, and
// nothing else; it can be read without its script. The article is kept in the
// episode's folder, so that a page can be made anew without its source.
package page
