package config

const (
	maxRoles   = 1000
	maxUsers   = 20000
	maxEntries = 1024
)

func addressLists() *Element {
	return &Element{
		XML: "AddressLists", Name: "Address lists", Icon: "list", Help: "The addresses from which Guests may connect, if the check is enabled.",
		Attributes: []*Attribute{
			toggle("Enable", "Enable", disabled, Now,
				"Refuses every Guest whose address is not in the list, and ends its session. An empty list then refuses everybody.").ours(),
		},
		Children: []*Element{{
			XML: "Entry", Name: "Address", Label: "Address", Max: maxEntries, Icon: "monitor", Help: "One address, or all that begin alike.",
			Attributes: []*Attribute{
				of(Network, "Address", "Address", Now,
					"An IP address, a prefix or the hardware (MAC) address of a computer in the same network.").needed().ours().hinted("10.0.0.0/8"),
				text("Comment", "Comment", 0, 200, "", Now, "What this address is, for people.").ours(),
			},
		}},
	}
}

func guestUsers() *Element {
	return &Element{
		XML: "GuestUsers", Name: "Guest users", Icon: "users", Help: "Who may connect to this Host, and what each may do.",
		Children: []*Element{
			guestSecurityMode(), roles(), portalRights(), securityServer(), systemAuthentication(), imperoAuthentication(),
		},
	}
}

// Values of the Guest security mode.
const (
	ModeImpero         = "Impero"
	ModeSecurityServer = "SecurityServer"
	ModeSystem         = "System"
	ModePortal         = "Portal"
)

func guestSecurityMode() *Element {
	return &Element{
		XML: "GuestSecurityMode", Name: "Guest security mode", Icon: "shield", Help: "How the Host makes sure who a Guest is.",
		Attributes: []*Attribute{
			choice("Mode", "Guest security mode", ModeImpero, Now,
				"One password for all, the accounts of this system, a Security Server or the Portal. Another mode ends the sessions of the one before.",
				v(ModeImpero, "Impero authentication"), v(ModeSecurityServer, "Security Server authentication").waiting(waitsSecurityServer),
				v(ModeSystem, "System authentication"), v(ModePortal, "Impero Portal access rights").waiting(waitsPortal)).standing(),
		},
	}
}

func portalRights() *Element {
	return &Element{
		XML: "PortalRights", Name: "Impero Portal access rights", Icon: "globe",
		Help: "The Portal says who a Guest is and what it may do. It needs an enabled Impero Portal profile under Communication; there is nothing to set here.",
	}
}

func securityServer() *Element {
	return &Element{
		XML: "SecurityServerAuthentication", Name: "Security Server authentication", Icon: "shield-check",
		Help: "A Security Server says who a Guest is and what it may do.",
		Attributes: waiting(waitsSecurityServer, text("NSSPublicKey", "NSS public key", 0, 1024, "", NextLogon,
			"The public key of the Security Servers, copied letter by letter from Security Manager.")),
	}
}

func systemAuthentication() *Element {
	return &Element{
		XML: "SystemAuthentication", Name: "System authentication", Icon: "user",
		Help: "Guests log on with an account of this system. An account without an entry here gets the Default Role.",
		Attributes: []*Attribute{
			roleOf("DefaultRole", "Default Role", "Default Role",
				"The role of every account that has none of its own here. Empty refuses such accounts.", 0),
		},
		Children: []*Element{
			account("User", "User", "The account's name on this system.", "anna"),
			account("DomainUser", "Domain user", "The account's name with its domain.", `EXAMPLE\anna`),
			group(),
		},
	}
}

func account(xml, name, help, hint string) *Element {
	return &Element{
		XML: xml, Name: name, Label: "Name", Max: maxUsers, Icon: "user", Help: "An account with a role of its own.",
		Attributes: []*Attribute{
			text("Name", "Name", 1, maxAccount, name, Now, help).hinted(hint),
			roleOf("Role", "Role", "Default Role", "What a Guest with this account may do.", 1),
		},
	}
}

func group() *Element {
	return &Element{
		XML: "Group", Name: "Group", Label: "Name", Max: maxUsers, Icon: "users", Help: "A group of the system or of its domain, whose members have a role. An account's own entry goes before its groups'.",
		Attributes: []*Attribute{
			text("Name", "Name", 1, maxAccount, "Group", Now, "The group's name, as the system has it.").ours().hinted("helpdesk"),
			roleOf("Role", "Role", "Default Role", "What a Guest may do whose account is in this group. Of several groups a Deny wins.", 1).ours(),
		},
	}
}

func roleOf(xml, name, standard, help string, low int) *Attribute {
	return &Attribute{XML: xml, Name: name, Kind: RoleName, Min: low, Max: maxName, Default: standard, Effect: Now, Help: help}
}

func imperoAuthentication() *Element {
	return &Element{
		XML: "ImperoAuthentication", Name: "Impero authentication", Icon: "lock", Help: "All Guests share one password and one role.",
		Attributes: []*Attribute{
			secret("Password", "Impero password", Verifier, maxPassword, NextLogon,
				"The password Guests log on with. Without one the Host does not listen.").atLeast(minPassword),
			roleOf("Role", "Role", "Full control", "What a Guest with that password may do.", 1),
		},
	}
}
