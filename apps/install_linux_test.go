package apps_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// installing is what a person types, on a computer that has SysV, whose folders it replaces first for itself alone. Each line that
// begins with a number wants that exit code; what it says has to hold the words after ">".
const installing = `
3 $D status > is not installed
1 $D start > is not installed. Install it
1 $D uninstall > nothing to uninstall
0 $D set-password > Password set
0 $D install --listen 127.0.0.1:6502 > is installed
1 $D install > is installed already
3 $D status > does not run. Start it
0 service Imperohostd start > started
0 service Imperohostd status > runs (process
0 $D start > runs already
0 setpriv --reuid 65534 --clear-groups service Imperohostd status > runs (process
4 setpriv --reuid 65534 --clear-groups service Imperohostd stop > sudo service Imperohostd stop
1 setpriv --reuid 65534 --clear-groups $D stop > only root may do that: sudo Imperohostd stop
0 $D status > Listens on     127.0.0.1:6502, since
0 $D restart > was started again
0 $D status > Listens on     127.0.0.1:6502, since
0 $D stop > was stopped
0 $D stop > does not run
3 $D status > does not run. Start it
0 $D start > was started
0 $D uninstall > is uninstalled
3 $D status > is not installed
0 ls -A /etc/init.d /etc/rc2.d /etc/rc6.d > /etc/rc6.d:
`

// TestServiceInstalls follows the README with the folders of a system that it has for itself.
func TestServiceInstalls(t *testing.T) {
	if first, err := os.ReadFile("/proc/1/comm"); err != nil || string(first) == "systemd\n" {
		t.Skip("this system has systemd, of which there is one")
	}
	script := "set -e; ip link set lo up; unset IMPERO_HOME\n" +
		"for d in /run /var/opt /var/log /etc/init.d /etc/rc0.d /etc/rc1.d /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc6.d; do mkdir -p $d; mount -t tmpfs none $d; done; set +e\n" +
		"D=" + filepath.Join(bin, "Imperohostd") + "\n"
	var wants []string
	for line := range strings.SplitSeq(strings.TrimSpace(installing), "\n") {
		code, rest, _ := strings.Cut(line, " ")
		command, says, _ := strings.Cut(rest, " > ")
		script += "echo '" + password + "' | " + command + " 2>&1; echo \"code $?\"; echo ----\n"
		wants = append(wants, code, command, says)
	}
	script += "service Imperohostd stop; true"
	out, err := exec.Command("unshare", "-n", "-m", "sh", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s; this test wants to be root", err, out)
	}
	parts := strings.Split(string(out), "----\n")
	if len(parts) != len(wants)/3+1 {
		t.Fatalf("it says\n%s", out)
	}
	for i := 0; i < len(wants); i += 3 {
		if said := parts[i/3]; !strings.HasSuffix(said, "code "+wants[i]+"\n") || !strings.Contains(said, wants[i+2]) {
			t.Errorf("%s says %q; want the exit code %s and %q", wants[i+1], said, wants[i], wants[i+2])
		}
	}
	if left := parts[len(wants)/3-1]; strings.Contains(left, "Imperohostd") {
		t.Errorf("uninstalled, it leaves\n%s", left)
	}
}
