package config

func security() *Element {
	return &Element{
		XML: "Security", Name: "Security", Icon: "shield", Help: "What holds for every Guest, whoever it is.",
		Children: []*Element{
			portalCertificate(), encryption(), maintenance(), configurationAccess(),
			illegalAttempts(), sessions(), confirmAccess(), notification(), afterSession(),
		},
	}
}

func portalCertificate() *Element {
	return &Element{
		XML: "PortalCertificate", Name: "Impero Portal certificate settings", Icon: "shield-check", Help: "What the Host does when the Portal's certificate is not valid.",
		Attributes: waiting(waitsPortal,
			toggle("AllowInvalid", "Connection allowed when using an invalid certificate", disabled, RestartsCommunication,
				"Goes on although the Portal cannot prove who it is. Only for a test."),
			toggle("WarnInvalid", "Display invalid certificate warning", enabled, Now,
				"Tells the user of this computer when the Portal's certificate is not valid."),
		),
	}
}

// Encryption levels by their names in the file.
var encryptionLevels = []Value{
	v("VeryHigh", "Very high"),
	v("High", "High"),
	v("DataIntegrityAndKeyboard", "Data integrity and keyboard"),
	v("Keyboard", "Keyboard"),
	v("DataIntegrity", "Data integrity"),
	v("NoEncryption", "No encryption"),
	v("Netop65", "Netop 6.5 compatible").waiting("Its algorithm is proprietary and weak; it is not offered."),
}

func encryption() *Element {
	return &Element{
		XML: "Encryption", Name: "Encryption", Icon: "lock", Help: "Host and Guest use the strongest level that both allow.",
		Attributes: []*Attribute{{
			XML: "AllowedEncryptions", Name: "Allowed encryptions", Kind: List, Values: encryptionLevels,
			Default: "VeryHigh, High", Effect: NextLogon,
			Help:  "The levels this Host accepts. Only Very high and High encrypt everything; a Guest that allows none of these cannot connect.",
			check: someLevel,
		}},
	}
}

func someLevel(value string) *Message {
	if value != "" {
		return nil
	}
	m := say("No encryption level is allowed, so no Guest could connect. Choose at least one.")
	return &m
}

func maintenance() *Element {
	return &Element{
		XML: "Maintenance", Name: "Maintenance", Icon: "lock", Help: "A password without which nobody at this computer changes or stops the Host.",
		Attributes: []*Attribute{
			toggle("AllOtherConfiguration", "All other configuration", disabled, Now,
				"Asks for the maintenance password before anything but Guest users is changed."),
			secret("OldPassword", "Backup of old password", Proof, maxPassword, Now,
				"The maintenance password as it is now, needed to set another one. It is not kept."),
			toggle("GuestAccessSecurity", "Guest access security", disabled, Now,
				"Asks for the maintenance password before Guest users, roles and passwords are changed."),
			secret("Password", "Password", Hash, maxPassword, Now,
				"The maintenance password. Empty means that none is asked for.").atLeast(minPassword),
			toggle("ProgramExit", "Program exit and Stop Host", disabled, Now,
				"Asks for the maintenance password before the Host is ended or its communication stopped."),
		},
	}
}

func configurationAccess() *Element {
	return &Element{
		XML: "ConfigurationAccess", Name: "Configuration access", Icon: "user", Help: "Who may change this configuration with Host Manager, besides the system's administrator.",
		Attributes: []*Attribute{
			text("Account", "Account", 0, maxAccount, "", Now,
				"A system account that may change the configuration. Empty means the administrator alone.").ours().hinted("impero"),
			text("Group", "Group", 0, maxAccount, "", Now,
				"A system group whose members may change the configuration.").ours().hinted("impero-admins"),
		},
	}
}

func illegalAttempts() *Element {
	return &Element{
		XML: "IllegalAttempts", Name: "Illegal attempts", Icon: "shield-alert", Help: "What happens when somebody tries to log on and cannot.",
		Attributes: []*Attribute{
			integer("Count", "Attempts", 1, 10, "", "3", NextLogon,
				"How many wrong logons from one address are borne before the action below.").ours(),
			choice("Action", "Action", "LockOut", NextLogon,
				"What the Host then does.",
				v("None", "None"), v("Disconnect", "Disconnect"), v("LockOut", "Lock out"), v("Restart", "Restart the computer")).ours(),
			integer("LockOutTime", "Lock-out minutes", 1, 1440, "minutes", "1", NextLogon,
				"How long no logon from that address is accepted, if the action is Lock out.").ours(),
		},
	}
}

func sessions() *Element {
	return &Element{
		XML: "Sessions", Name: "Sessions", Icon: "remote-control", Help: "How many sessions there may be, and for how long.",
		Attributes: []*Attribute{
			integer("Maximum", "Maximum sessions", 1, 8, "", "8", NextLogon,
				"How many Guests may have a session at the same time.").ours(),
			integer("IdleTimeout", "End when idle after minutes", 0, 1440, "minutes", "0", Now,
				"Ends a session in which the Guest did nothing for so long. 0 means never.").ours(),
			integer("MaximumTime", "Maximum minutes of a session", 0, 10080, "minutes", "0", NextLogon,
				"Ends every session after so long. 0 means never.").ours(),
			integer("LogonTimeout", "Logon timeout seconds", 30, 600, "seconds", "300", NextLogon,
				"How long a Guest may take to log on.").ours(),
		},
	}
}

func confirmAccess() *Element {
	return &Element{
		XML: "ConfirmAccess", Name: "Confirm access", Icon: "check-circle", Help: "The question to the user of this computer before a Guest gets in. Each role says whether it is asked.",
		Attributes: []*Attribute{
			integer("Timeout", "Confirm access timeout seconds", 5, 600, "seconds", "30", NextLogon,
				"How long the question stands. No answer refuses the Guest.").ours(),
		},
	}
}

func notification() *Element {
	return &Element{
		XML: "Notification", Name: "Notification", Icon: "info", Help: "What the user of this computer is told about sessions.",
		Attributes: []*Attribute{
			toggle("Before", "Before the session", disabled, NextLogon,
				"Tells the user when a Guest connects.").ours(),
			toggle("During", "During the session", enabled, NextLogon,
				"Shows who is connected for as long as the session lasts.").ours(),
			toggle("After", "After the session", disabled, NextLogon,
				"Tells the user that a Guest was connected, and for how long.").ours(),
		},
	}
}

func afterSession() *Element {
	return &Element{
		XML: "AfterSession", Name: "After the session", Icon: "stop", Help: "What happens to this computer when the last session has ended.",
		Attributes: []*Attribute{
			choice("Action", "Action", "None", NextLogon,
				"What is done to this computer when the last Guest is gone.",
				v("None", "None"), v("Lock", "Lock the computer"), v("LogOff", "Log off the user"), v("Restart", "Restart the computer")).ours(),
		},
	}
}
