//go:build !linux && !windows

package seat

import (
	"context"
	"os"
	"time"
)

// Open gives the Watcher for this system: the display that is named, if one is; else the owner of the console.
func Open(_ context.Context, cfg X) Watcher {
	if cfg.Display != "" {
		return &cfg
	}
	return console{}
}

// console watches who owns the console.
type console struct{}

// Nobody says whether it is known that no user is logged in: then the console is root's.
func (console) Nobody() bool {
	info, err := os.Stat("/dev/console")
	return err == nil && owner(info) == "0"
}

// Watch implements Watcher.
func (console) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		info, err := os.Stat("/dev/console")
		if err != nil || owner(info) == "0" {
			tell(nil, NobodyHere)
		} else {
			tell(&Desktop{User: owner(info)}, "")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}
