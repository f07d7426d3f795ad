// Package bucket answers what several machines keep together: whole files by
// name, in a bucket with S3's interface, or in a folder that all of them see.
//
// What is there under a name stays: a file is put only where there is none,
// and appears whole or not at all. It knows nothing of what the files are.
package bucket
