package apps_test

import (
	"os"
	"testing"
)

// TestMain is also a program of another user.
func TestMain(m *testing.M) {
	if text := os.Getenv(visitVariable); text != "" {
		os.Exit(visiting(text))
	}
	os.Exit(withPrograms(m))
}
