package host

import "time"

// Limits bound what strangers can cost a Host. A field that is 0 has its default.
type Limits struct {
	// Callers is how many connections there are at most that have not said what they want yet; 1024. One more takes the
	// place of the oldest of the address that has most.
	Callers int
	// Logons is how many connections there are at most that have, and are not part of a session yet: whose Guest compares a
	// fingerprint, or logs on; 128. One more takes the place of the oldest of the address that has most.
	Logons int
	// Handshakes is how many handshakes are begun a second, and at once, for everybody who has not logged on from the same
	// address before; 300.
	Handshakes int
	// HandshakesOf is how many are begun a second for one address (/32, IPv6 /64), and half of how many at once; 60. For a
	// network (/24, IPv6 /48) it is twice as many.
	HandshakesOf int
}

func (l Limits) orDefaults() Limits {
	for _, f := range []struct {
		field    *int
		standard int
	}{{&l.Callers, 1024}, {&l.Logons, 128}, {&l.Handshakes, 300}, {&l.HandshakesOf, 60}} {
		if *f.field <= 0 {
			*f.field = f.standard
		}
	}
	return l
}

// Limits that are no setting.
const (
	logonTime    = 5 * time.Minute        // for a logon, once the handshake is done
	acceptWait   = 100 * time.Millisecond // after a failed accept
	maxLingering = 32                     // refused callers that are waited for, 2 s each at most
	knownSpare   = 8                      // connections of a known address that do not weigh when places run out
)
