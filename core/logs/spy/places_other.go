//go:build !windows

package spy

// servicePlaces are where the service of this computer logs, as patterns.
func servicePlaces() []string {
	return []string{"/var/log/Impero_host.log", "/var/log/Impero_host_daemon*.log", "/var/log/Imperohost.nlg"}
}
