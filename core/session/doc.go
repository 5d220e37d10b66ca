// Package session carries one authenticated Guest's session over sealed records: first the logon's dialogue, then
// messages in order of urgency, streams with credits, and the keepalive that finds a dead peer.
//
// A Dialogue belongs to one goroutine. A Session is safe for concurrent use; Run owns its goroutines and returns when
// all are gone. Nothing is queued without bound: a Send that finds its queue full ends the session.
package session
