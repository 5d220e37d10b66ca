package local

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// TestUsersMakeNoPipes: whoever may make another pipe of a daemon's name would pass for it.
func TestUsersMakeNoPipes(t *testing.T) {
	descriptor, err := windows.SecurityDescriptorFromString(pipeRights)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		t.Fatal(err)
	}
	users := 0
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			t.Fatal(err)
		}
		if !(*windows.SID)(unsafe.Pointer(&entry.SidStart)).IsWellKnown(windows.WinInteractiveSid) {
			continue
		}
		users++
		if entry.Mask&(createInstance|windows.GENERIC_WRITE|windows.GENERIC_ALL) != 0 {
			t.Errorf("users have the rights %#x", entry.Mask)
		}
	}
	if users != 1 {
		t.Errorf("users are named %d times", users)
	}
}
