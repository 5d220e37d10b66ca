package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"impero/core/key"
	"impero/core/store"
)

// KnownHost is a Host whose key this Guest keeps.
type KnownHost struct {
	Target      Target
	HostName    string // what it called itself last
	Fingerprint string
	Since, Last time.Time
	Used        int
}

const (
	knownFile    = "known_hosts.json"
	knownVersion = 1
	maxKnown     = 100_000
)

// knownRecord is a KnownHost as stored: the key itself, not only its fingerprint.
type knownRecord struct {
	Host    string    `json:"host"`
	Port    int       `json:"port"`
	Profile string    `json:"profile"`
	Key     string    `json:"key"`
	Name    string    `json:"name"`
	Since   time.Time `json:"since"`
	Last    time.Time `json:"last"`
	Used    int       `json:"used"`
}

// knownHosts is the file of known hosts. Every change is written at once; a file that cannot be read is never written over.
type knownHosts struct {
	path string

	mu   sync.Mutex
	list []knownRecord
}

func openKnownHosts(home store.Home) (*knownHosts, error) {
	k := &knownHosts{path: filepath.Join(home.GuestDir(), knownFile)}
	if err := k.load(); err != nil {
		return nil, err
	}
	return k, nil
}

// load reads the file anew: another Guest of the same person may have written it.
func (k *knownHosts) load() error {
	var list []knownRecord
	_, err := store.LoadJSON(k.path, knownVersion, &list)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the known hosts: %w", err)
	}
	if len(list) > maxKnown {
		return fmt.Errorf("read the known hosts: %s holds %d, at most %d are read", k.path, len(list), maxKnown)
	}
	for i, r := range list {
		if _, err := key.ParsePublic(r.Key); err != nil {
			return fmt.Errorf("read the known hosts: %s, entry %d (%s): %w", k.path, i+1, r.Host, err)
		}
	}
	k.list = list
	return nil
}

func (k *knownHosts) find(t Target) int {
	return slices.IndexFunc(k.list, func(r knownRecord) bool {
		return strings.EqualFold(r.Host, t.Host) && r.Port == t.Port && r.Profile == t.Profile
	})
}

// lookup gives the key kept for t, and whether there is one. All profiles lead to a Host by its address, so a key that
// was met there by one holds for the others.
func (k *knownHosts) lookup(t Target) (key.Public, knownRecord, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(); err != nil {
		return key.Public{}, knownRecord{}, false, err
	}
	i := k.find(t)
	if i < 0 { // the same address by another profile is the same Host
		i = slices.IndexFunc(k.list, func(r knownRecord) bool { return strings.EqualFold(r.Host, t.Host) && r.Port == t.Port })
	}
	if i < 0 {
		return key.Public{}, knownRecord{}, false, nil
	}
	p, err := key.ParsePublic(k.list[i].Key)
	return p, k.list[i], err == nil, err
}

// maxElsewhere is how many other targets of a key are told.
const maxElsewhere = 3

// elsewhere gives the targets at which a key is known, the latest used first.
func (k *knownHosts) elsewhere(p key.Public) (list []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var found []knownRecord
	for _, r := range k.list {
		if r.Key == p.Text() {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b knownRecord) int { return b.Last.Compare(a.Last) })
	for _, r := range found {
		if at := (Target{Host: r.Host, Port: r.Port}).String(); !slices.Contains(list, at) && len(list) < maxElsewhere {
			list = append(list, at)
		}
	}
	return list
}

// used notes that t was reached with this key, and keeps the key if t is new. It never replaces a key.
func (k *knownHosts) used(t Target, p key.Public, name string, now time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(); err != nil {
		return err
	}
	i := k.find(t)
	if i < 0 {
		k.list = append(k.list, knownRecord{Host: t.Host, Port: t.Port, Profile: t.Profile, Key: p.Text(), Since: now})
		i = len(k.list) - 1
	} else if k.list[i].Key != p.Text() {
		return fmt.Errorf("the key kept for %s was changed by another program meanwhile", t)
	}
	k.list[i].Name, k.list[i].Last = name, now
	k.list[i].Used++
	return k.save()
}

// rename has Hosts of a communication profile follow its new name: they stay known.
func (k *knownHosts) rename(old, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(); err != nil {
		return err
	}
	for i := range k.list {
		if k.list[i].Profile == old {
			k.list[i].Profile = name
		}
	}
	return k.save()
}

func (k *knownHosts) save() error {
	if err := store.SaveJSON(k.path, knownVersion, k.list); err != nil {
		return fmt.Errorf("keep the known hosts: %w", err)
	}
	return nil
}

// Known lists the Hosts whose keys are kept, the last used first.
func (e *Engine) Known() []KnownHost {
	k := e.known
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []KnownHost
	for _, r := range k.list {
		p, err := key.ParsePublic(r.Key)
		if err != nil {
			continue // load refuses such a file
		}
		out = append(out, KnownHost{
			Target: Target{Host: r.Host, Port: r.Port, Profile: r.Profile}, HostName: r.Name,
			Fingerprint: p.Fingerprint(), Since: r.Since, Last: r.Last, Used: r.Used,
		})
	}
	slices.SortStableFunc(out, func(a, b KnownHost) int { return b.Last.Compare(a.Last) })
	return out
}

// Forget drops the key kept for a Host: the next connection to it is a first contact.
func (e *Engine) Forget(h KnownHost) error {
	k := e.known
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(); err != nil {
		return err
	}
	if i := k.find(h.Target); i >= 0 {
		k.list = slices.Delete(k.list, i, i+1)
		e.log.Info("known host forgotten", "host", h.Target.String(), "fingerprint", h.Fingerprint)
	}
	return k.save()
}

// Remember keeps a Host's key without a connection, as an administrator hands it out. It never replaces another key.
func (e *Engine) Remember(t Target, publicKey string) error {
	p, err := key.ParsePublic(publicKey)
	if err != nil {
		return fmt.Errorf("remember %s: %w", t, err)
	}
	return e.known.used(t, p, "", time.Now())
}
