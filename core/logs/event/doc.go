// Package event is the event log: what a Host, or a server, did and refused, for whoever must answer for it. An [Event] is one
// typed record with a code of the table here; [Log] numbers events and gives them to consumers, each with its own list of codes:
// the local log ([File]) is one, others are a Security Server or the Portal.
//
// A Log never blocks who records: each consumer has a bounded queue, and what a slow one misses is counted and told to it as an
// event of its own. A nil *Log takes events and drops them. Everything here is safe for concurrent use but for a Sink, which is
// called by one goroutine.
//
// The local log is a chain: each line has a hash over the line before and itself, so that a change, a deletion or another order
// in the middle is found ([Verify]). FORMAT.md describes it, and what it does not protect from.
package event
