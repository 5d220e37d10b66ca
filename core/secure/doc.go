// Package secure makes a sealed connection of a byte stream: the handshake of core/wire/PROTOCOL.md §3 and §4, and the
// records of §5. Guest and Host run the handshake, one on each end; what they give is a Conn.
//
// What a Conn promises: what was read was written by the other end, whole, once and in order within its channel; nobody
// between could read it, nor can anyone later who learns the Host's identity key. The Guest knows the Host by its key,
// which Verify accepted; the Host knows nothing of the Guest yet: a logon follows, tied to this connection by Export.
// Anything that does not verify ends the connection without a word of why.
//
// Guest and Host close the connection they were given if they fail, also if ctx ends. They start no goroutine that
// outlives them. Secrets are overwritten when they are no longer needed, as far as the language and the standard
// library let them be: the insides of ciphers and key pairs are only dropped.
//
// Memory: a Conn holds 32 KiB of buffers, those for reading made before the first byte is read, and nothing a peer sends makes it more.
package secure
