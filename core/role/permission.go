package role

import "strconv"

// Permission is one thing a role allows or denies. Values are part of the wire protocol and of stored roles: a number is
// never used again for another permission.
type Permission uint16

const (
	SeeScreen         Permission = 1  // see the Host's screen
	UseKeyboardMouse  Permission = 2  // use the Host's keyboard and mouse
	AudioChat         Permission = 3  // talk with the Host's user
	BlankScreen       Permission = 4  // make the Host's own screen dark
	ExecuteCommand    Permission = 5  // log the user off, restart or shut down
	LockKeyboardMouse Permission = 6  // take keyboard and mouse from the Host's user
	ReceiveFiles      Permission = 7  // of a file transfer: from the Host
	RedirectPrint     Permission = 8  // print what the Host prints
	RemoteManager     Permission = 9  // manage the Host's system
	RequestChat       Permission = 10 // write with the Host's user
	RetrieveInventory Permission = 11 // list the Host's hardware and software
	RunPrograms       Permission = 12 // start programs
	SendFiles         Permission = 13 // of a file transfer: to the Host
	RecordDemo        Permission = 14 // record the session at the Guest
	TransferClipboard Permission = 15 // exchange the clipboards
	Tunnel            Permission = 16 // open tunnels to ports
)

// named gives each permission the name it has in the user's guide, in the guide's order; the tunnel, which the guide does
// not list, comes last.
var named = []struct {
	p    Permission
	name string
}{
	{AudioChat, "Audio chat"},
	{BlankScreen, "Blank screen"},
	{ExecuteCommand, "Execute command"},
	{LockKeyboardMouse, "Lock keyboard and mouse"},
	{ReceiveFiles, "Receive files from Host"},
	{RedirectPrint, "Redirect print"},
	{SeeScreen, "Connect (view)"},
	{RemoteManager, "Remote manager"},
	{RequestChat, "Request chat"},
	{RetrieveInventory, "Retrieve inventory"},
	{RunPrograms, "Run programs"},
	{SendFiles, "Send files to Host"},
	{RecordDemo, "The Guest can record demo files"},
	{TransferClipboard, "Transfer clipboard"},
	{UseKeyboardMouse, "Use keyboard and mouse"},
	{Tunnel, "Tunnel"},
}

// Permissions lists every permission, in the order of the user's guide.
func Permissions() []Permission {
	list := make([]Permission, len(named))
	for i, n := range named {
		list[i] = n.p
	}
	return list
}

// String is the name in the user's guide.
func (p Permission) String() string {
	for _, n := range named {
		if n.p == p {
			return n.name
		}
	}
	return "permission " + strconv.Itoa(int(p))
}

// PermissionByName gives the permission of a name in the user's guide, and whether there is one.
func PermissionByName(name string) (Permission, bool) {
	for _, n := range named {
		if n.name == name {
			return n.p, true
		}
	}
	return 0, false
}
