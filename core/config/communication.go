package config

// maxProfiles is how many communication profiles of one kind a Host may have: each one is a socket or a connection.
const maxProfiles = 32

func communication() *Element {
	return &Element{
		XML: "Communication", Name: "Communication", Icon: "globe", Help: "The ways in which Guests reach this Host. New makes another profile.",
		Children: []*Element{
			tcp(), udp(),
			webConnect("WebConnect", "WebConnect", "Reaches this Host through a WebConnect service. WebConnect 3 is safer."),
			webConnect("WebConnect3", "WebConnect 3", "Reaches this Host through a WebConnect 3 service, with outgoing connections alone."),
			portal(),
		},
	}
}

func enable(help string) *Attribute {
	return toggle("Enable", "Enable", enabled, RestartsCommunication, help)
}

func profileName(standard string) *Attribute {
	return text("Name", "Name", 1, maxName, standard, Now, "The name of this communication profile, for people.")
}

func tcp() *Element {
	return &Element{
		XML: "TCP", Name: "TCP", Label: "Name", Max: maxProfiles, Icon: "plug", Help: "Listens for Guests on a TCP port.",
		Attributes: []*Attribute{
			enable("Whether this profile is used. Switched off, nothing listens on its port."),
			profileName("TCP 1"),
			port("ReceivePort", "Receive port", "The port on which the Host listens. Guests must name it if it is not 6502."),
			port("SendPort", "Send port", "The port to which the Host speaks where it begins the connection; the Receive port of the other side.").waiting(waitsCalling),
			toggle("UseHTTP", "Use HTTP", disabled, RestartsCommunication,
				"Wraps what is sent in HTTP, for firewalls that let nothing else through.").waiting(waitsHTTP),
		},
	}
}

func udp() *Element {
	return &Element{
		XML: "UDP", Name: "UDP", Label: "Name", Max: maxProfiles, Icon: "plug", Help: "Answers Guests that browse, and asks Name Servers and Security Servers, by UDP.",
		Attributes: append(waiting(waitsDiscovery,
			toggle("BroadcastToSubnet", "Broadcast to subnet", enabled, RestartsCommunication,
				"Reaches every computer of the own network segment. Others are reached through a Broadcast list."),
			enable("Whether this profile is used."),
			integer("MTU", "Maximum Transmission Unit (MTU)", 512, 5146, "bytes", "2600", RestartsCommunication,
				"The largest packet that is sent. Less helps where a network drops large packets."),
			profileName("UDP 1"),
			port("ReceivePort", "Receive port", "The UDP port on which the Host answers."),
			toggle("UseTCP", "Use TCP for sessions", enabled, RestartsCommunication,
				"Carries sessions over TCP, which is quicker; UDP then only finds the other side."),
		), waiting(waitsNameServer,
			toggle("UseNameServer", "Use Impero Name Server", disabled, RestartsCommunication,
				"Tells a Name Server the names of this Host, and asks it for those of others."),
			of(Address, "PrimaryNameServer", "Primary nameserver", RestartsCommunication,
				"The Name Server that is asked first.").hinted("nns1.example.com"),
			of(Address, "SecondaryNameServer", "Secondary name server", RestartsCommunication,
				"The Name Server that is asked when the first does not answer.").hinted("nns2.example.com"),
			toggle("IgnorePort", "Ignore port info from Name Server", disabled, RestartsCommunication,
				"Uses the port below instead of the one that a Name Server gives."),
			port("OverridePort", "Override port", "The port used instead, if the one from a Name Server is ignored."),
		)...),
		Children: []*Element{broadcastList()},
	}
}

func broadcastList() *Element {
	return &Element{
		XML: "BroadcastList", Name: "Broadcast list", Label: "Name", Max: 16, Icon: "list", Help: "Addresses outside the own network segment to which broadcasts go too.",
		Attributes: waiting(waitsDiscovery, text("Name", "Name", 1, maxName, "#1", Now, "The name of this list, for people.")),
		Children: []*Element{{
			XML: "BroadcastAddress", Name: "Address", Label: "Address", Max: 256, Icon: "monitor", Help: "One address of the list.",
			Attributes: waiting(waitsDiscovery, of(Address, "Address", "Address", RestartsCommunication,
				"The IP address or DNS name to which broadcasts go.").needed().ours().hinted("10.0.0.255")),
		}},
	}
}

func webConnect(xml, name, help string) *Element {
	return &Element{
		XML: xml, Name: name, Label: "Name", Max: maxProfiles, Icon: "globe", Help: help,
		Attributes: waiting(waitsWebConnect,
			enable("Whether this profile is used."),
			profileName(name),
			text("ServiceDomain", "WebConnect Service Domain", 0, maxAddress, "", RestartsCommunication,
				"The domain of the account that the service knows."),
			secret("ServicePassword", "WebConnect Service Password", Sealed, 128, RestartsCommunication,
				"The password of that account. It is kept sealed and never shown again."),
			of(URL, "ServiceURL", "WebConnect Service URL", RestartsCommunication,
				"Where the service's Connection Manager is.").hinted("https://webconnect.example.com/cm"),
			text("ServiceUsername", "WebConnect Service Username", 0, maxAccount, "", RestartsCommunication,
				"The user name of an account that the service knows."),
		),
	}
}

func portal() *Element {
	return &Element{
		XML: "Portal", Name: "Impero Portal", Label: "Name", Max: maxProfiles, Icon: "globe", Help: "Reaches this Host through an Impero Portal.",
		Attributes: waiting(waitsPortal,
			enable("Whether this profile is used."),
			profileName("Impero Portal"),
			of(Address, "ServiceAddress", "Impero Portal Service Address", RestartsCommunication,
				"Where the Portal is.").hinted("portal.example.com"),
			secret("ServicePassword", "Impero Portal Service Password", Sealed, 128, RestartsCommunication,
				"The password of the Portal's account. It is kept sealed and never shown again."),
			text("ServiceUsername", "Impero Portal Service Username", 0, maxAccount, "", RestartsCommunication,
				"The user name of an account at the Portal."),
		),
	}
}
