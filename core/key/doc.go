// Package key holds the identities of Hosts: an Ed25519 key pair, its fingerprint for people and its text forms for
// files. A Host is its key; names and addresses only lead to it.
//
// Identity and Public are opaque: they cannot be compared with ==, Equal takes constant time, and a private key shows
// itself in no format verb, log or JSON. All values are immutable and safe for use by several goroutines. The zero
// Public is no key: it equals nothing but itself and verifies nothing. A nil *Identity must not be used.
package key
