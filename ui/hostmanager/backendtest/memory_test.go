package backendtest

import (
	"testing"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
)

func TestMemory(t *testing.T) {
	Conform(t, func(*testing.T) presenter.Backend { return New(config.New()) })
}
