package config

func tunnel() *Element {
	return &Element{
		XML: "Tunnel", Name: "Tunnel", Icon: "tunnel", Help: "Which ports a Guest may reach through this Host.",
		Attributes: waiting(waitsTunnel,
			toggle("ScanPorts", "Scan Tunneled Ports", disabled, NextLogon,
				"Looks at what goes through a tunnel, and ends one whose traffic is not what its port is for.")),
		Children: []*Element{
			{XML: "AllowedTunnels", Name: "Allowed Tunnels", Icon: "check", Help: "Computers and ports that a tunnel may lead to. Nothing in the list means none but this computer's.",
				Children: []*Element{{
					XML: "Endpoint", Name: "Endpoint", Label: "IPAddress", Max: 256, Icon: "monitor", Help: "A computer that tunnels may lead to.",
					Attributes: waiting(waitsTunnel, of(Address, "IPAddress", "IP address", NextLogon,
						"The address of that computer, as this Host reaches it.").needed().hinted("127.0.0.1")),
					Children: []*Element{ports("The ports of that computer: one, or the first and the last with a hyphen between.")},
				}}},
			{XML: "BlockedPorts", Name: "Blocked Ports", Icon: "close", Help: "Ports that no tunnel may lead to, whatever is allowed.",
				Children: []*Element{ports("Ports that are blocked: one, or the first and the last with a hyphen between.")}},
		},
	}
}

func ports(help string) *Element {
	return &Element{
		XML: "Port", Name: "Port", Label: "Range", Max: 256, Icon: "plug", Help: "A port or a range of ports.",
		Attributes: waiting(waitsTunnel, of(Ports, "Range", "Range", NextLogon, help).needed().hinted("8000-8010")),
	}
}
