package guest

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/screen/video"
	"impero/core/store"
	"impero/core/transport"
	"impero/core/wire"
)

// Config is what an Engine is made of.
type Config struct {
	// Home says where known hosts and history live.
	Home store.Home
	// Log gets every success and refusal; nil for none.
	Log *slog.Logger
	// Computer is the name the Host's user reads, at most 64 bytes; empty for this computer's.
	Computer string
	// Order is the order of pixels that the window wants.
	Order picture.Order
	// TileCache is how many kB of tiles seen before are kept a session: at most 32768, which 0 means too; below 0: none.
	TileCache int
	// Dial opens a connection to "host:port"; nil for TCP. Its errors wrap those of transport.Dial.
	Dial func(ctx context.Context, address string) (net.Conn, error)
}

// Engine connects to Hosts.
type Engine struct {
	cfg      Config
	log      *slog.Logger
	known    *knownHosts
	history  *history
	profiles *profiles
	now      func() time.Time
}

// abilities are what this Guest can take of pictures.
func (c Config) abilities() screen.Abilities {
	a := screen.Abilities{Codecs: screen.CodecJPEG, Cache: wire.MaxPictureCache}
	if c.TileCache != 0 {
		a.Cache = max(0, min(c.TileCache, wire.MaxPictureCache>>10)) << 10
	}
	for _, f := range video.Formats() {
		a.Codecs |= f.Codec()
	}
	return a
}

// New reads known hosts, history and communication profiles. A file that cannot be read is an error and is left as it is.
func New(cfg Config) (*Engine, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Computer == "" {
		cfg.Computer, _ = os.Hostname()
	}
	cfg.Computer = cfg.Computer[:min(len(cfg.Computer), wire.MaxName)]
	if cfg.Dial == nil {
		cfg.Dial = transport.Dial
	}
	known, err := openKnownHosts(cfg.Home)
	if err != nil {
		return nil, fileError(KindKnownHosts, filepath.Join(cfg.Home.GuestDir(), knownFile), err)
	}
	past, err := openHistory(cfg.Home)
	if err != nil {
		return nil, fileError(KindHistory, filepath.Join(cfg.Home.GuestDir(), recentFile), err)
	}
	ways, err := openProfiles(cfg.Home)
	if err != nil {
		return nil, fileError(KindProfiles, filepath.Join(cfg.Home.GuestDir(), profilesFile), err)
	}
	return &Engine{cfg: cfg, log: cfg.Log, known: known, history: past, profiles: ways, now: time.Now}, nil
}
