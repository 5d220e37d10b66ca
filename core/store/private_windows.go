package store

// KeepPrivate does nothing on Windows, where a file has its folder's rights.
func KeepPrivate(string) (changed bool, err error) { return false, nil }
