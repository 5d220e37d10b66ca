package keeper

import (
	"context"
	"log/slog"
	"sync"
)

// held is a Handler that keeps records until it is known where they go, and passes them on from then.
type held struct {
	mu      sync.Mutex
	records []slog.Record
	to      slog.Handler
}

// Enabled implements slog.Handler.
func (h *held) Enabled(ctx context.Context, l slog.Level) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.to == nil || h.to.Enabled(ctx, l)
}

// Handle implements slog.Handler.
func (h *held) Handle(ctx context.Context, r slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.to != nil {
		return h.to.Handle(ctx, r)
	}
	h.records = append(h.records, r.Clone())
	return nil
}

// WithAttrs and WithGroup implement slog.Handler: who logs here makes no logger of it.
func (h *held) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h *held) WithGroup(string) slog.Handler      { return h }

// pass passes on what was kept, and all that comes.
func (h *held) pass(to slog.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.to = to
	for _, r := range h.records {
		if to.Enabled(context.Background(), r.Level) {
			to.Handle(context.Background(), r)
		}
	}
	h.records = nil
}
