package config

// Values of Confirm access, and what a role says of a permission.
const (
	ConfirmNever    = "Never"
	ConfirmAlways   = "Always"
	ConfirmLoggedIn = "OnlyWhenLoggedIn"

	Allow  = "Allow"
	Deny   = "Deny"
	NotSet = "NotSet"
)

var answers = []Value{v(Allow, "Allow"), v(Deny, "Deny"), v(NotSet, "Not set")}

func roles() *Element {
	return &Element{
		XML: "Roles", Name: "Roles", Icon: "users", Help: "What Guests may do. New makes another role.",
		Children: []*Element{{
			XML: "Role", Name: "Role", Label: "Name", Max: maxRoles, Icon: "user", Help: "What a Guest with this role may do. Where several roles meet, one Deny wins.",
			Attributes: append([]*Attribute{
				text("Name", "Name", 1, maxName, "Role", Now, "The name of this role. Whatever names the role follows when it is renamed.").checked(inBytes(maxName)),
				choice("ConfirmAccess", "Confirm access", ConfirmNever, NextLogon,
					"Whether the user of this computer is asked before a Guest with this role gets in.",
					v(ConfirmNever, "Never"), v(ConfirmAlways, "Always"), v(ConfirmLoggedIn, "Only when logged in")),
			}, permissions()...),
		}},
	}
}

// permissions are the rows of a role that say Allow, Deny or nothing; their XML names are the permissions' names.
func permissions() []*Attribute {
	return []*Attribute{
		permission("ConnectView", "Connect (view)", "Whether a Guest with this role may see the screen."),
		permission("UseKeyboardMouse", "Use keyboard and mouse", "Whether a Guest with this role may type and click."),
		permission("TransferClipboard", "Transfer clipboard", "Whether a Guest with this role may copy and paste between the two computers.").waiting(waitsActivity),
		permission("LockKeyboardMouse", "Lock keyboard and mouse", "Whether a Guest with this role may take keyboard and mouse from the user of this computer.").waiting(waitsActivity),
		permission("BlankScreen", "Blank screen", "Whether a Guest with this role may make the screen of this computer black.").waiting(waitsActivity),
		permission("SendFiles", "Send files to Host", "Whether a Guest with this role may put files on this computer.").waiting(waitsActivity),
		permission("ReceiveFiles", "Receive files from Host", "Whether a Guest with this role may take files from this computer.").waiting(waitsActivity),
		permission("Tunnel", "Tunnel", "Whether a Guest with this role may reach ports through this Host.").ours().waiting(waitsTunnel),
		permission("RunPrograms", "Run programs", "Whether a Guest with this role may start programs here.").waiting(waitsActivity),
		permission("ExecuteCommand", "Execute command", "Whether a Guest with this role may log off, restart or shut down this computer.").waiting(waitsActivity),
		permission("RequestChat", "Request chat", "Whether a Guest with this role may begin a chat with the user of this computer.").waiting(waitsActivity),
		permission("AudioChat", "Audio chat", "Whether a Guest with this role may speak with the user of this computer.").waiting(waitsActivity),
		permission("RemoteManager", "Remote manager", "Whether a Guest with this role may manage processes, services and disks of this computer.").waiting(waitsActivity),
		permission("RetrieveInventory", "Retrieve inventory", "Whether a Guest with this role may list the hardware and software of this computer.").waiting(waitsActivity),
		permission("RedirectPrint", "Redirect print", "Whether a Guest with this role may print on its own printer from here.").waiting(waitsActivity),
		permission("RecordDemoFiles", "The Guest can record demo files", "Whether a Guest with this role may record the session.").waiting(waitsActivity),
	}
}

func permission(xml, name, help string) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: Permission, Values: answers, Default: NotSet, Effect: Now, Help: help}
}
