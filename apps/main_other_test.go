//go:build !linux

package apps_test

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(withPrograms(m)) }
