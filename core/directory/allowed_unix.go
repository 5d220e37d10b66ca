//go:build unix

package directory

import (
	"errors"
	"os"
)

// Allowed says why this program cannot check the passwords of accounts; nil if it can. The system lets root alone.
func Allowed() error {
	if os.Geteuid() != 0 {
		return errors.New("this program does not run as root, and the system lets nobody else check passwords. Use the Host service for system authentication")
	}
	return nil
}
