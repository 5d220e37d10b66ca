// Package password proves a password without showing it: OPAQUE-3DH (RFC 9807) over ristretto255, as
// core/wire/PROTOCOL.md §9 uses it. The Host keeps a Verifier; a logon is Begin and Finish on each side:
//
//	Guest                         Host
//	Begin            ── KE1 ──▶   Verifier.Begin
//	Proof.Finish     ◀── KE2 ──
//	                 ── KE3 ──▶   Attempt.Finish
//
// Neither side learns anything to guess against from the messages; each try gives each side one guess at most. The proof
// holds for one binding only (the handshake's export) and for one Host key, so it cannot be passed on. An account that
// does not exist is answered as one that does.
//
// Who steals a Verifier cannot log on with it, but can guess passwords at the cost of one Argon2id each. Argon2id runs
// on the Guest, and on the Host only when a password is set: 64 MiB and 3 passes on 4 lanes each time, fixed here and
// never taken from the other side.
//
// A Verifier is safe for use by several goroutines. An Attempt and a Proof each belong to one, and to one try.
package password
