package keeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"impero/core/config"
	"impero/core/host"
	"impero/core/logs/event"
	"impero/core/password"
)

// ErrConflict says that the configuration is another than the one that was changed. Snapshot gives it.
var ErrConflict = errors.New("the configuration was changed by somebody else meanwhile; nothing was changed")

// Outcome says what a change did.
type Outcome struct {
	Restarted bool // communication restarted
	Ended     int  // sessions that ended by it
	Pending   bool // some of it takes effect when the Host restarts
}

// Snapshot gives the configuration without its secrets, the revision to change it by, when it was written, and in words what is
// wrong with it.
func (k *Keeper) Snapshot() (doc *config.Document, revision string, written time.Time, trouble string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.doc.Redacted(), k.revision(), k.written, strings.Join(k.troubles(), " ")
}

// Check says what is wrong with a changed configuration; nil for nothing.
func (k *Keeper) Check(doc *config.Document) []*config.Fault {
	k.mu.Lock()
	defer k.mu.Unlock()
	next := doc.Clone()
	var fault *config.Fault
	if err := next.Restore(k.doc); errors.As(err, &fault) {
		return append(k.check(next), fault)
	}
	return k.check(next)
}

// check is Check; mu is held.
func (k *Keeper) check(doc *config.Document) []*config.Fault {
	return append(doc.Validate(), config.Waiting(k.doc, doc)...)
}

// Apply keeps a configuration that was made from a Snapshot of this revision, and puts it into force. who is for the logs. It
// checks no maintenance password but the one that another is to replace. Errors are a *config.InvalidError, a *config.Fault,
// ErrConflict, those of host.Host.CheckMaintenance, and those of the system; then nothing has changed.
func (k *Keeper) Apply(ctx context.Context, doc *config.Document, revision, who string) (Outcome, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	k.look()
	if revision != k.revision() {
		return Outcome{}, ErrConflict
	}
	next := doc.Clone()
	if err := next.Restore(k.doc); err != nil {
		return Outcome{}, err
	}
	proof := next.TakeProof()
	if faults := k.check(next); len(faults) > 0 {
		return Outcome{}, &config.InvalidError{Faults: faults}
	}
	if err := k.mayReplace(next, proof, who); err != nil {
		return Outcome{}, err
	}
	if err := k.portsFree(next); err != nil {
		return Outcome{}, err
	}
	if err := next.Protect(k.protect); err != nil {
		return Outcome{}, err
	}
	return k.put(next, who)
}

// mayReplace says whether what concerns the maintenance password may become another.
func (k *Keeper) mayReplace(next *config.Document, proof, who string) error {
	for _, c := range config.Diff(k.doc, next) {
		if c.Element.XML == "Maintenance" {
			return k.h.CheckMaintenanceOf(who, host.ScopePassword, proof)
		}
	}
	return nil
}

const communication = config.Root + "/Configuration/LocalConfiguration/HostComputer/Communication"

// portsFree says which profile would listen where another program does, while this Host listens: it would be reached no more.
func (k *Keeper) portsFree(next *config.Document) error {
	v, err := next.Values()
	if err != nil || !k.h.State().Running {
		return err
	}
	own := map[string]bool{}
	for _, p := range k.now.com.Profiles {
		for _, address := range p.Listen {
			own[address] = true
		}
	}
	var s settings
	k.communicationOf(&s, v)
	for _, p := range s.com.Profiles {
		for _, address := range p.Listen {
			if own[address] {
				continue
			}
			l, err := net.Listen("tcp", address)
			if err != nil {
				return taken(next, p.Name, address)
			}
			l.Close()
		}
	}
	return nil
}

func taken(doc *config.Document, profile, address string) error {
	_, port, _ := net.SplitHostPort(address)
	for _, p := range doc.Children(communication) {
		if name, err := doc.Get(p, "Name"); err == nil && name == profile {
			if _, err := doc.Get(p, "ReceivePort"); err == nil {
				return config.PortTaken(p, port)
			}
		}
	}
	return fmt.Errorf("another program already uses port %s", port)
}

// protect makes of a password what may be kept.
func (k *Keeper) protect(form config.SecretForm, pw string) (string, error) {
	if form != config.Verifier {
		return "", unsupported(form)
	}
	v, err := k.h.NewVerifier(pw)
	if err != nil {
		return "", err
	}
	return verifierText(v)
}

func verifierText(v *password.Verifier) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write the password's verifier: %w", err)
	}
	return string(text), nil
}

// put keeps a valid document and puts it into force; mu is held.
func (k *Keeper) put(next *config.Document, who string) (Outcome, error) {
	changes := config.Diff(k.doc, next)
	v, err := next.Values()
	if err != nil {
		return Outcome{}, err
	}
	s := k.settingsOf(v)
	if err := k.prepare(s); err != nil {
		return Outcome{}, err
	}
	if err := k.file.Save(next); err != nil {
		k.restore()
		if errors.Is(err, config.ErrChangedByHand) {
			return Outcome{}, ErrConflict
		}
		return Outcome{}, err
	}
	for _, c := range changes {
		k.log.Info("the configuration was changed", append(c.Attributes(), "by", who)...)
	}
	k.broken = ""
	return k.install(next, s, changes, who)
}

// prepare does what may fail of a change; mu is held. If it fails, all is as it was.
func (k *Keeper) prepare(s *settings) error {
	err := s.access.Check()
	if err == nil {
		err = k.debug.Configure(s.logs)
	}
	if err == nil {
		err = k.monitor.Configure(s.monitor)
	}
	if err == nil {
		err = k.journal.configure(s.events)
	}
	if err != nil {
		k.restore()
	}
	return err
}

// restore has the logs be as they were; mu is held.
func (k *Keeper) restore() {
	err := errors.Join(k.debug.Configure(k.now.logs), k.monitor.Configure(k.now.monitor), k.journal.configure(k.now.events))
	if err != nil {
		k.log.Error("the logs are not as they were before a change that failed", "reason", err)
	}
}

// install puts a document that is kept and prepared into force; mu is held.
func (k *Keeper) install(next *config.Document, s *settings, changes []config.Change, who string) (o Outcome, err error) {
	was := k.now
	k.doc, k.now, k.written, k.strange = next, s, k.stamp(), strange(next)
	k.journal.events.Record(event.Event{Code: event.Configured, What: what(changes, who)})
	if o.Restarted, o.Ended, err = k.h.Communicate(s.com); err != nil {
		k.log.Error("communication is not started", "reason", err) // State has it
	}
	if err := k.h.SetAccess(k.accessNow()); err != nil {
		return o, err
	}
	k.turn(was.general)
	for _, c := range changes {
		if c.Effect == config.RestartsHost {
			o.Pending = true
			k.log.Info("a change takes effect when the Host restarts", c.Attributes()...)
		}
	}
	k.tell()
	return o, nil
}

// what is a change in the event log: how much, and by whom. The debug log has the values.
func what(changes []config.Change, who string) string {
	text := fmt.Sprintf("%d changes by %s:", len(changes), who)
	for i, c := range changes {
		if i == 8 {
			return text + " …"
		}
		text += " " + c.Element.XML
		if c.Attribute != nil {
			text += "." + c.Attribute.XML
		}
	}
	return text
}

// stamp is when the file was written; zero if there is none.
func (k *Keeper) stamp() time.Time {
	info, err := os.Stat(k.file.Path())
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

const lookEvery = 2 * time.Second

// follow takes up what people change in the file, until ctx ends.
func (k *Keeper) follow(ctx context.Context) {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		k.mu.Lock()
		k.look()
		k.mu.Unlock()
	}
}

// look takes up what was changed in the file by hand; mu is held.
func (k *Keeper) look() {
	changed, err := k.file.Changed()
	if err != nil || !changed {
		return // what cannot be seen now is seen later
	}
	next, changes, err := k.file.Reload(k.doc)
	if err == nil {
		err = k.takeUp(next, changes)
	}
	if err != nil {
		k.broken = err.Error()
		k.tell()
		return
	}
}

// takeUp puts a document into force that was changed by hand; mu is held.
func (k *Keeper) takeUp(next *config.Document, changes []config.Change) error {
	v, err := next.Values()
	if err != nil {
		return err
	}
	s := k.settingsOf(v)
	if err := k.prepare(s); err != nil {
		k.log.Error("the configuration was changed by hand and cannot be used", "reason", err)
		return err
	}
	k.broken = ""
	_, err = k.install(next, s, changes, "hand, in "+config.FileName)
	return err
}
