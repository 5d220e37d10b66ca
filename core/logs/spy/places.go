package spy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"impero/core/store"
)

// Known lists the log files that are there, of this user's programs and of the service, in the order of their names within a place.
func Known(home store.Home) []string {
	candidates := []string{home.HostLogFile(), home.HostEventFile(), home.GuestLogFile()}
	for _, pattern := range servicePlaces() {
		found, err := filepath.Glob(pattern)
		if err == nil {
			candidates = append(candidates, found...)
		}
	}
	var all []string
	for _, name := range candidates {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// old lists the files that were set aside of a log, which lie in the folder beside it.
func old(name string) []string {
	base := filepath.Base(name)
	suffix := filepath.Ext(base)
	stem := strings.TrimSuffix(name, suffix)
	entries, err := os.ReadDir(stem + "_old")
	if err != nil {
		return nil
	}
	var all []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && strings.HasPrefix(entry.Name(), filepath.Base(stem)+"-") && strings.HasSuffix(entry.Name(), suffix) {
			all = append(all, filepath.Join(stem+"_old", entry.Name()))
		}
	}
	return all
}
