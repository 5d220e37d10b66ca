package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Who may use what this package makes, in the security descriptor definition
// language: the system, the administrators and the user, whose number is put in;
// nobody by inheritance (P). What is made in such a folder inherits its rights (OICI).
const (
	fileRights   = "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;USER)"
	folderRights = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;USER)"
)

// rights is the security descriptor of a form above.
func rights(form string) (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("find who runs this program: %w", err)
	}
	return windows.SecurityDescriptorFromString(strings.ReplaceAll(form, "USER", user.User.Sid.String()))
}

// private is a path and the rights to make it with.
func private(path, form string) (*uint16, *windows.SecurityAttributes, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, nil, err
	}
	descriptor, err := rights(form)
	if err != nil {
		return nil, nil, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	return name, attributes, nil
}

// KeepPrivate takes a regular file from all but its owner, the system and the
// administrators if others may use it, and says whether it did. What is not
// there, a symbolic link and everything else is left to whoever reads it.
func KeepPrivate(path string) (changed bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keep file private: %w", err)
		}
	}()
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, nil
	}
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, err
	}
	if alone, err := ownerAlone(descriptor); alone || err != nil {
		return false, err
	}
	if err := setRights(path, fileRights); err != nil {
		return false, err
	}
	return true, nil
}

// setRights gives a file that is there the rights of a form above, and takes
// those that it inherits.
func setRights(path, form string) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	descriptor, err := rights(form)
	if err != nil {
		return err
	}
	handle, err := windows.CreateFile(name, windows.WRITE_DAC, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
		nil, windows.OPEN_EXISTING, windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return err
	}
	err = windows.SetKernelObjectSecurity(handle, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, descriptor)
	return errors.Join(err, windows.CloseHandle(handle))
}

// ownerAlone says whether a file's rights give nothing to anybody but this user,
// the system and the administrators. A file without a list is everybody's.
func ownerAlone(descriptor *windows.SECURITY_DESCRIPTOR) (bool, error) {
	list, _, err := descriptor.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && list == nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false, err
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return false, err
		}
		who := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
		allowed := who.Equals(user.User.Sid) || who.IsWellKnown(windows.WinLocalSystemSid) ||
			who.IsWellKnown(windows.WinBuiltinAdministratorsSid)
		if entry.Header.AceType != windows.ACCESS_DENIED_ACE_TYPE && !allowed {
			return false, nil
		}
	}
	return true, nil
}
