//go:build unix

package logs

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// daemon is a socket that stands for /dev/log.
func daemon(t *testing.T, at string) *net.UnixConn {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: at, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// received is what a daemon got, up to a line that says "end".
func received(t *testing.T, conn *net.UnixConn) []string {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	var all []string
	for buffer := make([]byte, 64<<10); ; {
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatalf("after %q: %v", all, err)
		}
		if strings.Contains(string(buffer[:n]), " end\n") {
			return all
		}
		all = append(all, string(buffer[:n]))
	}
}

// TestGuideExample is the guide's 5.1.5: global Warning, syslog Info, console Error, file Trace.
func TestGuideExample(t *testing.T) {
	folder := t.TempDir()
	at := filepath.Join(folder, "dev-log")
	conn := daemon(t, at)
	var console strings.Builder
	o := HostDefaults(filepath.Join(folder, "log"))
	o.Global, o.Syslog, o.Console, o.File = Warning, Info, Error, Trace
	o.Stderr, o.SyslogAt, o.SyslogName = &console, at, "Impero host"
	logAll(t, o)
	if got := written(console.String()); got != "critical error" {
		t.Errorf("the console has %q", got)
	}
	if got := written(contents(t, o.FileName)); got != "critical error warning" {
		t.Errorf("the file has %q", got)
	}
	logger, log, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	logger.Error("end")
	log.Close()
	got := received(t, conn)
	form := regexp.MustCompile(`^<2[678]>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d Impero_host\[\d+\]: (critical|error|warning) record\n$`)
	if len(got) != 3 || !form.MatchString(got[0]) || !form.MatchString(got[2]) || !strings.HasPrefix(got[1], "<27>") {
		t.Errorf("the syslog has %q", got)
	}
}

// TestNoSyslogDaemon: that is said once and with what to do, the other destinations go on, and a daemon that comes is found.
func TestNoSyslogDaemon(t *testing.T) {
	folder := t.TempDir()
	at := filepath.Join(folder, "dev-log")
	var console strings.Builder
	o := HostDefaults(filepath.Join(folder, "log"))
	o.Syslog, o.SyslogAt, o.Stderr = Trace, at, &console
	synctest.Test(t, func(t *testing.T) {
		logger, log, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		logger.Info("one")
		logger.Info("two")
		conn := daemon(t, at)
		time.Sleep(2 * syslogRetry)
		logger.Info("three")
		logger.Info("end")
		log.Close()
		if got := received(t, conn); len(got) != 1 || !strings.Contains(got[0], "info three") {
			t.Errorf("the syslog has %q", got)
		}
		conn.Close()
	})
	if got := console.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "no syslog daemon listens at") {
		t.Errorf("the console has %q", got)
	}
	if got := strings.Count(contents(t, o.FileName), "\n"); got != 4 {
		t.Errorf("the file has %d lines", got)
	}
}

// TestSyslogDaemonThatStartsAnew loses no line.
func TestSyslogDaemonThatStartsAnew(t *testing.T) {
	at := filepath.Join(t.TempDir(), "dev-log")
	first := daemon(t, at)
	logger, log, err := Open(Options{Enabled: true, Global: Trace, Syslog: Trace, SyslogAt: at})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	logger.Info("end")
	received(t, first)
	first.Close()
	os.Remove(at)
	second := daemon(t, at)
	logger.Info("one")
	logger.Info("end")
	if got := received(t, second); len(got) != 1 || !strings.Contains(got[0], "info one") {
		t.Errorf("the syslog has %q", got)
	}
}

// TestSyslogDaemonThatHangs holds nobody up: it is left alone for a while.
func TestSyslogDaemonThatHangs(t *testing.T) {
	at := filepath.Join(t.TempDir(), "dev-log")
	daemon(t, at) // reads nothing
	s := &syslog{at: at, name: "test"}
	if err := s.dial(); err != nil {
		t.Fatal(err)
	}
	defer s.close()
	line := []byte(strings.Repeat("x", maxSyslog) + "\n")
	begin, failed := time.Now(), 0
	for range 2000 {
		if s.write(Info.Level(), line) != nil {
			failed++
		}
	}
	if took := time.Since(begin); failed == 0 || took > syslogRetry {
		t.Errorf("2000 lines took %v, %d failed", took, failed)
	}
}

func TestSyslogIsOffByDefault(t *testing.T) {
	for _, o := range []Options{HostDefaults("x"), GuestDefaults("x")} {
		if o.Syslog != NoLog {
			t.Errorf("the syslog gets %v", o.Syslog)
		}
	}
	if logger, _, err := Open(Options{}); err != nil || logger.Enabled(context.Background(), Critical.Level()) {
		t.Error(err)
	}
}
