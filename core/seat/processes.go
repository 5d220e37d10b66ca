package seat

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what is read of a user's processes.
const (
	maxEnvironment = 128 << 10
	maxProcesses   = 512
)

// environmentOf gives the environment of the user's oldest process in which a variable has a value, of those that know where the
// display's key is if some do; nil if there is none.
func environmentOf(proc, user, variable, value string) map[string]string {
	if proc == "" {
		proc = "/proc"
	}
	entries, err := os.ReadDir(proc)
	if err != nil {
		return nil
	}
	var numbers []int
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if info, err := e.Info(); err == nil && owner(info) == user {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	var first map[string]string
	for _, n := range numbers[:min(len(numbers), maxProcesses)] {
		env := readEnvironment(filepath.Join(proc, strconv.Itoa(n), "environ"))
		if env[variable] != value {
			continue
		}
		if env["XAUTHORITY"] != "" {
			return env
		}
		if first == nil {
			first = env
		}
	}
	return first
}

// screens are the devices of who sits at the computer, as links of open files begin.
var screens = []string{"/dev/tty", "/dev/dri/card", "/dev/fb"}

// hasScreen says whether a process has a terminal of the computer or a graphics card open.
func hasScreen(proc string, process int) bool {
	if proc == "" {
		proc = "/proc"
	}
	folder := filepath.Join(proc, strconv.Itoa(process), "fd")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return false
	}
	for _, e := range entries {
		link, err := os.Readlink(filepath.Join(folder, e.Name()))
		if err != nil {
			continue
		}
		for _, s := range screens {
			if rest, ok := strings.CutPrefix(link, s); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
				return true
			}
		}
	}
	return false
}

// readEnvironment reads what there is of a process's environment.
func readEnvironment(path string) map[string]string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxEnvironment))
	if err != nil {
		return nil
	}
	return parseEnvironment(text)
}

func parseEnvironment(text []byte) map[string]string {
	env := map[string]string{}
	for entry := range bytes.SplitSeq(text, []byte{0}) {
		name, value, ok := bytes.Cut(entry, []byte{'='})
		if _, known := env[string(name)]; ok && !known && len(value) <= maxValue {
			env[string(name)] = string(value)
		}
	}
	return env
}
