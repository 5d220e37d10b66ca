// Package config is the configuration of a Host: one table ([Schema]) of every
// element and attribute that the user's guide names in chapter 5, and of those
// that are ours. From the table come host.xml, its validation, the tree and the
// columns of Host Manager, the help (assets/help/configuration.md) and the
// plain values the Host is made from ([Document.Host]).
//
// A [Document] is one configuration. It keeps what it does not know: elements,
// attributes, comments, order. A [File] is host.xml on disk: written whole or
// not at all, with the last good copy beside it.
//
// Values are texts in one canonical form, the one in the file. Invalid values
// may stand in a Document, so that a person can correct them; [Document.Validate]
// tells each, and a File neither writes them nor goes on with them.
//
// Secrets are write-only: the file holds verifiers, hashes and sealed texts,
// never a password, and [Document.Export], [Diff] and errors never show even those.
//
// The table is read-only and safe for concurrent use. A Document is of one
// goroutine at a time; give another one a [Document.Clone].
package config
