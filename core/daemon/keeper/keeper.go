// Package keeper holds a Host's configuration: host.xml on disk, the Host that is made from it, and its logs. What is changed,
// in a window or by hand in the file, it checks, keeps and puts into force: at once where that can be, else as the schema says.
//
// A Keeper is safe for concurrent use. Open gives one with a Host that does not run yet, Run carries both, Close ends what Open
// began.
package keeper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"impero/core/config"
	"impero/core/host"
	"impero/core/logs"
	"impero/core/logs/event"
	"impero/core/machine"
	"impero/core/password"
	"impero/core/store"
	"impero/core/version"
)

// Options make a Keeper.
type Options struct {
	Home     store.Home
	Service  bool                                // the Host is a service of this computer, else a program of its user
	Command  Command                             // goes before the configuration
	Accounts host.Accounts                       // of this system; nil if they cannot be checked
	Without  string                              // why Accounts is nil, in words
	LoggedIn func() bool                         // says whether a user is logged in at this computer; nil if that is not known, which counts as yes
	Machine  machine.Machine                     // nil for this computer
	Free     func(folder string) (uint64, error) // how many bytes are free there; nil asks the system
	Host     host.Config                         // what no configuration says: Activities, Agent, Limits, Machine
}

// Keeper holds the configuration of one Host.
type Keeper struct {
	o       Options
	h       *host.Host
	log     *slog.Logger // the debug log
	service *slog.Logger // of the service: the debug log, and its own
	changes chan struct{}

	debug, monitor *logs.Log
	journal        *journal

	mu       sync.Mutex // guards what follows
	file     *config.File
	doc      *config.Document
	written  time.Time
	broken   string // why the file cannot be used
	now      *settings
	turned   chan struct{} // is closed when General is another
	verifier *password.Verifier
	text     string // of verifier
	useless  string // why there is none of it, in words
	strange  string // what stands in the file and is not known, in words
}

// Open reads the configuration, makes the Host from it, and keeps other programs out of its folder until Close. The first start
// writes the initial configuration. Errors are a *store.RunningError, a *config.BrokenError if there is no good copy either, and
// those of the system.
func Open(o Options) (k *Keeper, err error) {
	if o.Machine == nil {
		o.Machine = machine.New(nil)
	}
	k = &Keeper{o: o, changes: make(chan struct{}, 1), turned: make(chan struct{})}
	lock, err := store.Lock(o.Home.HostDir(), "host")
	if err != nil {
		return nil, err
	}
	early := new(held) // until it is known where to log to
	if err := k.load(slog.New(early)); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := k.openLogs(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	early.pass(k.log.Handler())
	if err := k.makeHost(lock); err != nil {
		return nil, errors.Join(err, k.closeLogs())
	}
	return k, nil
}

// load reads the file, and takes over what a former release kept.
func (k *Keeper) load(log *slog.Logger) (err error) {
	k.file = config.At(k.o.Home.HostDir(), log)
	k.doc, err = k.file.Load()
	var broken *config.BrokenError
	switch {
	case errors.As(err, &broken) && k.doc != nil:
		k.broken = broken.Error()
		log.Error("the configuration cannot be used; the last good copy is", "reason", broken)
	case err != nil:
		return err
	}
	if k.broken == "" {
		if err := k.bring(log); err != nil {
			return err
		}
	}
	k.written = k.stamp()
	v, err := k.doc.Values()
	if err != nil {
		return err
	}
	k.now, k.strange = k.settingsOf(v), strange(k.doc)
	return nil
}

// maxStrange is how much that is not known is named; there may be more.
const maxStrange = 3

// strange names what stands in a document and is not known, which may be a slip of the hand.
func strange(d *config.Document) string {
	list := d.Unknown()
	if len(list) == 0 {
		return ""
	}
	var words []string
	for _, f := range list[:min(len(list), maxStrange)] {
		words = append(words, config.FileName+", "+f.Error())
	}
	if more := len(list) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more are not known either.", more))
	}
	return strings.Join(words, " ")
}

// openLogs opens both debug logs and the event log.
func (k *Keeper) openLogs() (err error) {
	if k.log, k.debug, err = logs.Open(k.now.logs); err != nil {
		return err
	}
	own, monitor, err := logs.Open(k.now.monitor)
	if err != nil {
		return errors.Join(err, k.debug.Close())
	}
	k.monitor = monitor
	k.service = slog.New(slog.NewMultiHandler(k.log.Handler(), own.Handler()))
	k.journal, err = openJournal(k.now.com.Name, k.now.events, logs.Events.Of(k.log))
	if err != nil {
		return errors.Join(err, k.monitor.Close(), k.debug.Close())
	}
	k.journal.events.Record(event.Event{Code: event.ServiceBegun, What: "version " + version.Version})
	return nil
}

// makeHost makes the Host, which has the lock from now on, and gives it what the configuration says.
func (k *Keeper) makeHost(lock *store.FileLock) (err error) {
	cfg := k.o.Host
	cfg.Home, cfg.Lock, cfg.Log, cfg.Events, cfg.Keep = k.o.Home, lock, k.log, k.journal.events, k.keep
	cfg.Communication, cfg.Quiet = &k.now.com, !k.now.general.StartAtLoad
	if k.h, err = host.New(cfg); err != nil {
		return err
	}
	if err := k.h.SetAccess(k.accessNow()); err != nil {
		return errors.Join(err, k.h.Close())
	}
	k.tell()
	return nil
}

// Host is the Host. Run runs it.
func (k *Keeper) Host() *host.Host { return k.h }

// Home says where the Host's files are.
func (k *Keeper) Home() store.Home { return k.o.Home }

// Log is the debug log; Service the same with the log of the service, if there is one.
func (k *Keeper) Log() *slog.Logger     { return k.log }
func (k *Keeper) Service() *slog.Logger { return k.service }

// Console says whether anything is logged to the console.
func (k *Keeper) Console() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.logs.Enabled && k.now.logs.Console != logs.NoLog
}

// LogFile is the file of the debug log; empty if nothing is logged to one.
func (k *Keeper) LogFile() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.logs.Place()
}

// General is how the Host starts, shows itself and ends.
func (k *Keeper) General() config.General {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.general
}

// Administrators are the account and the group of the system that may change the configuration, besides the system's
// administrator; empty for none.
func (k *Keeper) Administrators() (account, group string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.administrators.Account, k.now.administrators.Group
}

// Weak names the encryption levels that are allowed and do not encrypt everything.
func (k *Keeper) Weak() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return host.WeakLevels(k.now.com.Levels)
}

// Changes signals that the configuration is another, also by hand; signals come together.
func (k *Keeper) Changes() <-chan struct{} { return k.changes }

// Close ends the logs and lets another program use the Host's folder. Call it when Run has returned, or is never called.
func (k *Keeper) Close() error { return errors.Join(k.h.Close(), k.closeLogs()) }

func (k *Keeper) closeLogs() error {
	return errors.Join(k.journal.end(), k.monitor.Close(), k.debug.Close())
}

// Run runs the Host, follows the file, and does what General says, until ctx ends or the Host was idle for as long as it may.
func (k *Keeper) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var parts sync.WaitGroup
	idle := false
	parts.Go(func() { k.follow(ctx) })
	parts.Go(func() {
		if idle = k.mindGeneral(ctx); idle {
			cancel()
		}
	})
	err := k.h.Run(ctx)
	cancel()
	parts.Wait()
	if idle && k.General().StandbyOnIdle {
		k.service.Info("the computer goes to standby")
		err = errors.Join(err, k.o.Machine.Standby(context.WithoutCancel(ctx)))
	}
	return err
}

// revision names the document as it is; mu is held.
func (k *Keeper) revision() string {
	sum := sha256.Sum256(k.doc.Text())
	return hex.EncodeToString(sum[:12])
}

// troubles are in words what is wrong with the configuration; mu is held, or nobody else knows k.
func (k *Keeper) troubles() []string {
	return slices.DeleteFunc(append([]string{k.broken, k.useless, k.strange}, k.now.troubles...), func(t string) bool { return t == "" })
}

// tell says what is wrong in the log and in the Host's state, and signals a change; mu is held, or nobody else knows k.
func (k *Keeper) tell() {
	all := k.troubles()
	for _, t := range all {
		k.service.Warn("the configuration does not do all it says", "reason", t)
	}
	k.h.SetTrouble(strings.Join(all, " "))
	select {
	case k.changes <- struct{}{}:
	default:
	}
}

// unsupported says that what waits cannot be kept either.
func unsupported(form config.SecretForm) error {
	return fmt.Errorf("a password of this kind cannot be kept yet (form %d): what it is for is not there", form)
}
