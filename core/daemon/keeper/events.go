package keeper

import "impero/core/logs/event"

// Events is the event log. It is carried until Close.
func (k *Keeper) Events() *event.Log { return k.journal.events }
