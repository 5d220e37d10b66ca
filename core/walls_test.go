// Package core_test holds the house's rules: which part may know which other.
// They are checked in the source of every system, not only of the one that
// runs the test, and each says why it is there.
package core_test

import (
	"strings"
	"testing"
)

// layers is the order of core: a package imports packages of lower layers, and
// folders within its own. A new package gets its line here, and a sentence in
// its own comment that says what it is.
var layers = map[string]int{
	"wire": 0, "key": 0, "keys": 0, "role": 0, "store": 0, "picture": 0, "version": 0, "x11": 0,
	"secure": 1, "password": 1, "transport": 1, "local": 1, "machine": 1, "screen": 1, "config": 1, "logs": 1, "capture": 1, "inject": 1, "clipboard": 1,
	"session": 2, "directory": 2,
	"seam": 3, "seat": 3, "transfer": 3, "tunnel": 3, "record": 3, "chat": 3, "phonebook": 3, "names": 3, "security": 3, "control": 3,
	"host": 4, "agent": 4, "guest": 4, "gateway": 4, "webconnect": 4, "portal": 4,
	"daemon": 5,
}

// uiMayKnow is what ui may import of core below the layers 3 and 4.
var uiMayKnow = map[string]bool{
	"role": true, "store": true, "config": true, "picture": true, "version": true, "keys": true,
}

// edge is one import: from a folder of this module ("core/host"; "" is its
// top) to a package path. test tells that a test file has it.
type edge struct {
	from, to string
	test     bool
}

// wall is one rule: which imports it forbids, and why.
type wall struct {
	name, reason string
	forbids      func(edge) bool
}

var walls = []wall{
	{
		"core knows no window",
		"daemons, servers and tests use core on machines without a display or Fyne",
		func(e edge) bool {
			return within(e.from, "core") && (within(own(e.to), "ui") || within(own(e.to), "apps") || within(e.to, "fyne.io"))
		},
	},
	{
		"layers",
		"a part can be understood, tested and replaced with what lies below it alone",
		func(e edge) bool {
			from, to := room(e.from), room(own(e.to))
			if e.test || from == "" || to == "" || from == to || from == "lab" || to == "lab" {
				return false
			}
			return layers[to] >= layers[from]
		},
	},
	{
		"wire is the standard library's",
		"whoever implements or audits the protocol needs nothing else",
		func(e edge) bool {
			return within(e.from, "core/wire") && !e.test && strings.Contains(e.to, ".")
		},
	},
	{
		"only the agent touches the desktop",
		"permission is checked in the Host before anything is captured or typed: there must be no other way to it",
		func(e edge) bool {
			return (within(own(e.to), "core/capture") || within(own(e.to), "core/inject")) && !within(e.from, "core/agent") &&
				!e.test && room(e.from) != room(own(e.to))
		},
	},
	{
		"only capture and inject speak X11",
		"the same: it is the way to the desktop; lab, which is not delivered, draws on displays of its own",
		func(e edge) bool {
			return within(own(e.to), "core/x11") && !within(e.from, "core/capture") && !within(e.from, "core/inject") &&
				!within(e.from, "core/x11") && !within(e.from, "core/lab") && !e.test
		},
	},
	{
		"a window asks the engine",
		"a window that could build messages or read keys would decide what the engine must decide",
		func(e edge) bool {
			to := room(own(e.to))
			return within(e.from, "ui") && !e.test && to != "" && layers[to] < 3 && !uiMayKnow[to]
		},
	},
	{
		"widgets show and call back",
		"a widget that knows core cannot be used, or tested, for anything else",
		func(e edge) bool {
			return (within(e.from, "ui/widgets") || within(e.from, "ui/theme")) && !e.test && within(own(e.to), "core")
		},
	},
	{
		"who relays cannot read",
		"the Gateway and WebConnect hold no code that could interpret a session, and no session keys",
		func(e edge) bool {
			return (within(e.from, "core/gateway") || within(e.from, "core/webconnect")) && !e.test &&
				(within(own(e.to), "core/session") || within(own(e.to), "core/screen"))
		},
	},
	{
		"lab is for tests",
		"what starts X servers and hostile peers is not delivered",
		func(e edge) bool {
			return within(own(e.to), "core/lab") && !e.test && !within(e.from, "apps/try") && !within(e.from, "apps/bench") &&
				!within(e.from, "core/lab")
		},
	},
	{
		"apps are at the top",
		"a main is flags and wiring; what others need lives in a library",
		func(e edge) bool { return within(own(e.to), "apps") },
	},
}

func TestWalls(t *testing.T) {
	for _, file := range tree(t) {
		for _, path := range file.imports {
			e := edge{from: file.folder, to: path, test: file.test}
			for _, wall := range walls {
				if wall.forbids(e) {
					t.Errorf("%s imports %s\n\tagainst %q: %s", file.path, path, wall.name, wall.reason)
				}
			}
		}
	}
}

func TestEveryRoomHasItsLayer(t *testing.T) {
	for _, file := range tree(t) {
		room := room(file.folder)
		if _, known := layers[room]; room != "" && room != "lab" && !known {
			t.Errorf("core/%s has no layer: add it to the table in core/walls_test.go", room)
		}
	}
}

// TestWallsStand shows each wall an import it must refuse and some that it
// must not: a rule that forbids nothing looks just like a tree without faults.
func TestWallsStand(t *testing.T) {
	const fine = ""
	for _, c := range []struct {
		edge
		wall string // the only one that refuses it, or fine
	}{
		{edge{"core/store", "fyne.io/fyne/v2", false}, "core knows no window"},
		{edge{"core/guest", "impero/ui/shell", true}, "core knows no window"},
		{edge{"core/key", "impero/core/secure", false}, "layers"},
		{edge{"core/key", "impero/core/secure", true}, fine},
		{edge{"core/secure", "impero/core/transport", false}, "layers"},
		{edge{"core/host", "impero/core/session", false}, fine},
		{edge{"core/screen/tile", "impero/core/screen", false}, fine},
		{edge{"core/wire", "golang.org/x/sys/unix", false}, "wire is the standard library's"},
		{edge{"core/wire", "encoding/binary", false}, fine},
		{edge{"core/host", "impero/core/capture", false}, "only the agent touches the desktop"},
		{edge{"apps/host", "impero/core/inject", false}, "only the agent touches the desktop"},
		{edge{"core/agent", "impero/core/inject", false}, fine},
		{edge{"core/agent", "impero/core/x11", false}, "only capture and inject speak X11"},
		{edge{"core/capture", "impero/core/x11", false}, fine},
		{edge{"core/lab/load", "impero/core/x11", false}, fine},
		{edge{"ui/guest", "impero/core/wire", false}, "a window asks the engine"},
		{edge{"ui/guest", "impero/core/session", false}, "a window asks the engine"},
		{edge{"ui/guest", "impero/core/guest", false}, fine},
		{edge{"ui/remote", "impero/core/picture", false}, fine},
		{edge{"ui/widgets", "impero/core/role", false}, "widgets show and call back"},
		{edge{"core/gateway", "impero/core/session", false}, "who relays cannot read"},
		{edge{"core/host", "impero/core/lab", false}, "lab is for tests"},
		{edge{"ui/guest", "impero/core/lab", true}, fine},
		{edge{"apps/try", "impero/core/lab", false}, fine},
		{edge{"apps/guest", "impero/core/lab", false}, "lab is for tests"},
		{edge{"ui/guest", "impero/apps/guest", false}, "apps are at the top"},
		{edge{"apps/guest", "impero/ui/guest", false}, fine},
	} {
		var refused []string
		for _, wall := range walls {
			if wall.forbids(c.edge) {
				refused = append(refused, wall.name)
			}
		}
		if got := strings.Join(refused, ", "); got != c.wall {
			t.Errorf("%+v is refused by %q, want %q", c.edge, got, c.wall)
		}
	}
}

// within reports whether a path is a folder or lies in it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// own is the folder of one of this module's packages, or "".
func own(path string) string {
	folder, ok := strings.CutPrefix(path, "impero/")
	if !ok {
		return ""
	}
	return folder
}

// room is the name of the core package that a folder is or lies in, or "".
func room(folder string) string {
	rest, ok := strings.CutPrefix(folder, "core/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
