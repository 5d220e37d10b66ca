package spy

import (
	"context"
	"errors"
	"sync"

	"impero/core/logs/event"
)

// Watch reads several files at once, as [Read] does, and gives their entries to take, one after another. Entries carry the name
// of their file if there are several. The header of an event log is no entry. A file that cannot be read does not stop the others.
func Watch(ctx context.Context, names []string, follow bool, take func(Entry)) error {
	var all sync.WaitGroup
	var mu sync.Mutex // guards take
	failed := make([]error, len(names))
	for i, name := range names {
		label := ""
		if len(names) > 1 {
			label = name
		}
		all.Go(func() {
			failed[i] = Read(ctx, name, follow, func(line string) {
				if event.IsHeader([]byte(line)) {
					return
				}
				e := Parse(line)
				e.File = label
				mu.Lock()
				defer mu.Unlock()
				take(e)
			})
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
