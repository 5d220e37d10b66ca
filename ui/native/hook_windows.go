package native

import (
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// grab is a keyboard that is taken, from Grab to Release: a low-level hook on a
// thread of its own, which sees the keys of all programs before Windows does,
// and a procedure before the window's own, which sees what the hook let pass.
type grab struct {
	window windows.HWND
	old    uintptr                       // the window's own procedure
	tell   func(scancode int, down bool) // on the UI goroutine
	nudge  func()                        // has tellDue called there
	chords chords                        // of the hook's thread
	thread uint32                        // of the hook
	done   chan struct{}                 // closed when the hook is gone
	line   waitingLine
}

// Windows calls one function for all hooks and one for all windows, and takes
// no function back that it was once given.
var (
	byThread sync.Map // uint32 → *grab
	byWindow sync.Map // windows.HWND → *grab

	hookFunction   = sync.OnceValue(func() uintptr { return windows.NewCallback(hear) })
	windowFunction = sync.OnceValue(func() uintptr { return windows.NewCallback(procedure) })
)

var (
	user              = windows.NewLazySystemDLL("user32.dll")
	setHook           = user.NewProc("SetWindowsHookExW")
	removeHook        = user.NewProc("UnhookWindowsHookEx")
	callNextHook      = user.NewProc("CallNextHookEx")
	setWindowLong     = user.NewProc("SetWindowLongPtrW")
	callWindow        = user.NewProc("CallWindowProcW")
	getMessage        = user.NewProc("GetMessageW")
	peekMessage       = user.NewProc("PeekMessageW")
	postThreadMessage = user.NewProc("PostThreadMessageW")
)

// Names of Windows.
const (
	whKeyboardLL = 13
	procedureOf  = ^uintptr(3) // GWLP_WNDPROC, -4
	wmQuit       = 0x12
	wmKeyDown    = 0x100
	wmKeyUp      = 0x101
	wmSysKeyDown = 0x104
	wmSysKeyUp   = 0x105
	vkPacket     = 0xe7 // a character in the place of a key
	extendedKey  = 1    // a flag of keyEvent
)

// keyEvent is KBDLLHOOKSTRUCT.
type keyEvent struct {
	virtualKey, scancode, flags, time uint32
	extra                             uintptr
}

// message is room for a MSG.
type message [8]uintptr

// start hooks the keyboard. It must be called on the window's thread, as stop.
func (g *grab) start() error {
	started := make(chan error)
	go g.run(started)
	if err := <-started; err != nil {
		return err
	}
	byWindow.Store(g.window, g)
	g.old, _, _ = setWindowLong.Call(uintptr(g.window), procedureOf, windowFunction())
	return nil
}

// stop ends all of it and waits for the hook's thread.
func (g *grab) stop() {
	if g.old != 0 {
		setWindowLong.Call(uintptr(g.window), procedureOf, g.old)
	}
	byWindow.CompareAndDelete(g.window, g)
	postThreadMessage.Call(uintptr(g.thread), wmQuit, 0, 0)
	<-g.done
}

// run hooks the keyboard, says on started whether it could, and serves the hook
// until stop.
func (g *grab) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(g.done)
	g.thread = windows.GetCurrentThreadId()
	byThread.Store(g.thread, g)
	defer byThread.Delete(g.thread)
	var program windows.Handle
	if err := windows.GetModuleHandleEx(windows.GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, nil, &program); err != nil {
		started <- err
		return
	}
	handle, _, err := setHook.Call(whKeyboardLL, hookFunction(), uintptr(program), 0)
	if handle == 0 {
		started <- err
		return
	}
	defer removeHook.Call(handle)
	var m message
	// A thread has a queue, which stop needs, once it has looked into it.
	peekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, 0)
	started <- nil
	for { // the hook is called inside
		if more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(more) <= 0 {
			return
		}
	}
}

// hear is called for every key of every program, on the thread of each hook. It
// returns 1 for a key that goes no further.
func hear(code, kind uintptr, event *keyEvent) uintptr {
	if g, ok := byThread.Load(windows.GetCurrentThreadId()); ok && code == 0 {
		if g.(*grab).takes(event, kind == wmKeyDown || kind == wmSysKeyDown) {
			return 1
		}
	}
	result, _, _ := callNextHook.Call(0, code, kind, uintptr(unsafe.Pointer(event)))
	return result
}

// takes queues a key that is taken. Keys that go down for another window are
// none of ours; those that are down are told when they go up, wherever.
func (g *grab) takes(event *keyEvent, down bool) bool {
	scancode := int(event.scancode)
	if event.flags&extendedKey != 0 {
		scancode |= 0x100
	}
	if event.virtualKey == vkPacket {
		scancode = 0
	}
	ours := windows.GetForegroundWindow() == g.window
	if down && !ours {
		return false
	}
	taken, fresh := g.chords.take(scancode, down)
	switch {
	case fresh:
		g.line.join(scancode, down)
		g.nudge()
	case !taken && ours:
		g.line.pass()
	}
	return taken
}

// procedure stands before the procedures of windows whose keyboard is taken.
func procedure(window windows.HWND, kind, w, l uintptr) uintptr {
	found, ok := byWindow.Load(window)
	if !ok {
		return 0 // between stop's two steps nothing comes
	}
	g := found.(*grab)
	key := kind == wmKeyDown || kind == wmKeyUp || kind == wmSysKeyDown || kind == wmSysKeyUp
	if key {
		for _, k := range g.line.arrived() {
			g.tell(k.scancode, k.down)
		}
	}
	result, _, _ := callWindow.Call(g.old, uintptr(window), kind, w, l)
	if key && g.line.length() > 0 {
		g.nudge() // later: the character of this key comes first
	}
	return result
}

// tellDue tells the keys whose turn it is.
func (g *grab) tellDue() {
	for {
		k, due, wait := g.line.next()
		if wait {
			afterPatience(g.nudge)
		}
		if !due {
			return
		}
		g.tell(k.scancode, k.down)
	}
}
