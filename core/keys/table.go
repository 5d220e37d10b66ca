package keys

// Usages of the USB HID keyboard page (HID Usage Tables 1.5, chapter 10), named for what stands on a US keyboard. Media and
// browser keys from 0xE8 on are not in that page; they have the places that Linux's HID driver gives them there.
const (
	A                   uint16 = 0x04
	B                   uint16 = 0x05
	C                   uint16 = 0x06
	D                   uint16 = 0x07
	E                   uint16 = 0x08
	F                   uint16 = 0x09
	G                   uint16 = 0x0A
	H                   uint16 = 0x0B
	I                   uint16 = 0x0C
	J                   uint16 = 0x0D
	K                   uint16 = 0x0E
	L                   uint16 = 0x0F
	M                   uint16 = 0x10
	N                   uint16 = 0x11
	O                   uint16 = 0x12
	P                   uint16 = 0x13
	Q                   uint16 = 0x14
	R                   uint16 = 0x15
	S                   uint16 = 0x16
	T                   uint16 = 0x17
	U                   uint16 = 0x18
	V                   uint16 = 0x19
	W                   uint16 = 0x1A
	X                   uint16 = 0x1B
	Y                   uint16 = 0x1C
	Z                   uint16 = 0x1D
	Digit1              uint16 = 0x1E
	Digit2              uint16 = 0x1F
	Digit3              uint16 = 0x20
	Digit4              uint16 = 0x21
	Digit5              uint16 = 0x22
	Digit6              uint16 = 0x23
	Digit7              uint16 = 0x24
	Digit8              uint16 = 0x25
	Digit9              uint16 = 0x26
	Digit0              uint16 = 0x27
	Enter               uint16 = 0x28
	Escape              uint16 = 0x29
	Backspace           uint16 = 0x2A
	Tab                 uint16 = 0x2B
	Space               uint16 = 0x2C
	Minus               uint16 = 0x2D
	Equal               uint16 = 0x2E
	LeftBracket         uint16 = 0x2F
	RightBracket        uint16 = 0x30
	Backslash           uint16 = 0x31
	NonUSHash           uint16 = 0x32 // beside Enter on keyboards with a tall Enter; systems do not tell it from Backslash
	Semicolon           uint16 = 0x33
	Quote               uint16 = 0x34
	Grave               uint16 = 0x35
	Comma               uint16 = 0x36
	Period              uint16 = 0x37
	Slash               uint16 = 0x38
	CapsLock            uint16 = 0x39
	F1                  uint16 = 0x3A
	F2                  uint16 = 0x3B
	F3                  uint16 = 0x3C
	F4                  uint16 = 0x3D
	F5                  uint16 = 0x3E
	F6                  uint16 = 0x3F
	F7                  uint16 = 0x40
	F8                  uint16 = 0x41
	F9                  uint16 = 0x42
	F10                 uint16 = 0x43
	F11                 uint16 = 0x44
	F12                 uint16 = 0x45
	PrintScreen         uint16 = 0x46
	ScrollLock          uint16 = 0x47
	Pause               uint16 = 0x48
	Insert              uint16 = 0x49
	Home                uint16 = 0x4A
	PageUp              uint16 = 0x4B
	Delete              uint16 = 0x4C
	End                 uint16 = 0x4D
	PageDown            uint16 = 0x4E
	Right               uint16 = 0x4F
	Left                uint16 = 0x50
	Down                uint16 = 0x51
	Up                  uint16 = 0x52
	NumLock             uint16 = 0x53
	KeypadDivide        uint16 = 0x54
	KeypadMultiply      uint16 = 0x55
	KeypadSubtract      uint16 = 0x56
	KeypadAdd           uint16 = 0x57
	KeypadEnter         uint16 = 0x58
	Keypad1             uint16 = 0x59
	Keypad2             uint16 = 0x5A
	Keypad3             uint16 = 0x5B
	Keypad4             uint16 = 0x5C
	Keypad5             uint16 = 0x5D
	Keypad6             uint16 = 0x5E
	Keypad7             uint16 = 0x5F
	Keypad8             uint16 = 0x60
	Keypad9             uint16 = 0x61
	Keypad0             uint16 = 0x62
	KeypadDecimal       uint16 = 0x63
	NonUSBackslash      uint16 = 0x64 // beside the left Shift on keyboards with a tall Enter
	Menu                uint16 = 0x65
	Power               uint16 = 0x66
	KeypadEqual         uint16 = 0x67
	F13                 uint16 = 0x68
	F14                 uint16 = 0x69
	F15                 uint16 = 0x6A
	F16                 uint16 = 0x6B
	F17                 uint16 = 0x6C
	F18                 uint16 = 0x6D
	F19                 uint16 = 0x6E
	F20                 uint16 = 0x6F
	F21                 uint16 = 0x70
	F22                 uint16 = 0x71
	F23                 uint16 = 0x72
	F24                 uint16 = 0x73
	Execute             uint16 = 0x74
	Help                uint16 = 0x75
	Properties          uint16 = 0x76
	Select              uint16 = 0x77
	Stop                uint16 = 0x78
	Again               uint16 = 0x79
	Undo                uint16 = 0x7A
	Cut                 uint16 = 0x7B
	Copy                uint16 = 0x7C
	Paste               uint16 = 0x7D
	Find                uint16 = 0x7E
	Mute                uint16 = 0x7F
	VolumeUp            uint16 = 0x80
	VolumeDown          uint16 = 0x81
	KeypadComma         uint16 = 0x85
	Ro                  uint16 = 0x87 // International 1
	KatakanaHiragana    uint16 = 0x88 // International 2
	Yen                 uint16 = 0x89 // International 3
	Henkan              uint16 = 0x8A // International 4
	Muhenkan            uint16 = 0x8B // International 5
	KeypadJapaneseComma uint16 = 0x8C // International 6
	Hangul              uint16 = 0x90 // Language 1
	Hanja               uint16 = 0x91 // Language 2
	Katakana            uint16 = 0x92 // Language 3
	Hiragana            uint16 = 0x93 // Language 4
	ZenkakuHankaku      uint16 = 0x94 // Language 5
	KeypadLeftParen     uint16 = 0xB6
	KeypadRightParen    uint16 = 0xB7
	LeftControl         uint16 = 0xE0
	LeftShift           uint16 = 0xE1
	LeftAlt             uint16 = 0xE2
	LeftSuper           uint16 = 0xE3
	RightControl        uint16 = 0xE4
	RightShift          uint16 = 0xE5
	RightAlt            uint16 = 0xE6
	RightSuper          uint16 = 0xE7
	MediaPlayPause      uint16 = 0xE8
	MediaStop           uint16 = 0xE9
	MediaPrevious       uint16 = 0xEA
	MediaNext           uint16 = 0xEB
	Eject               uint16 = 0xEC
	BrowserHome         uint16 = 0xF0
	BrowserBack         uint16 = 0xF1
	BrowserForward      uint16 = 0xF2
	BrowserSearch       uint16 = 0xF4
	Sleep               uint16 = 0xF8
	BrowserRefresh      uint16 = 0xFA
	Calculator          uint16 = 0xFB
)

// row is one key: its usage, its name, and its code on each system; none where the system has no such key.
type row struct {
	usage               uint16
	name                string
	evdev, windows, mac uint16
}

const none = 0xffff

// table has one row a usage. Sources: Linux input-event-codes.h and hid-input.c; Microsoft's scancode table of HID usages;
// Carbon's Events.h.
var table = [...]row{
	{A, "A", 30, 0x1E, 0x00},
	{B, "B", 48, 0x30, 0x0B},
	{C, "C", 46, 0x2E, 0x08},
	{D, "D", 32, 0x20, 0x02},
	{E, "E", 18, 0x12, 0x0E},
	{F, "F", 33, 0x21, 0x03},
	{G, "G", 34, 0x22, 0x05},
	{H, "H", 35, 0x23, 0x04},
	{I, "I", 23, 0x17, 0x22},
	{J, "J", 36, 0x24, 0x26},
	{K, "K", 37, 0x25, 0x28},
	{L, "L", 38, 0x26, 0x25},
	{M, "M", 50, 0x32, 0x2E},
	{N, "N", 49, 0x31, 0x2D},
	{O, "O", 24, 0x18, 0x1F},
	{P, "P", 25, 0x19, 0x23},
	{Q, "Q", 16, 0x10, 0x0C},
	{R, "R", 19, 0x13, 0x0F},
	{S, "S", 31, 0x1F, 0x01},
	{T, "T", 20, 0x14, 0x11},
	{U, "U", 22, 0x16, 0x20},
	{V, "V", 47, 0x2F, 0x09},
	{W, "W", 17, 0x11, 0x0D},
	{X, "X", 45, 0x2D, 0x07},
	{Y, "Y", 21, 0x15, 0x10},
	{Z, "Z", 44, 0x2C, 0x06},
	{Digit1, "Digit1", 2, 0x02, 0x12},
	{Digit2, "Digit2", 3, 0x03, 0x13},
	{Digit3, "Digit3", 4, 0x04, 0x14},
	{Digit4, "Digit4", 5, 0x05, 0x15},
	{Digit5, "Digit5", 6, 0x06, 0x17},
	{Digit6, "Digit6", 7, 0x07, 0x16},
	{Digit7, "Digit7", 8, 0x08, 0x1A},
	{Digit8, "Digit8", 9, 0x09, 0x1C},
	{Digit9, "Digit9", 10, 0x0A, 0x19},
	{Digit0, "Digit0", 11, 0x0B, 0x1D},
	{Enter, "Enter", 28, 0x1C, 0x24},
	{Escape, "Escape", 1, 0x01, 0x35},
	{Backspace, "Backspace", 14, 0x0E, 0x33},
	{Tab, "Tab", 15, 0x0F, 0x30},
	{Space, "Space", 57, 0x39, 0x31},
	{Minus, "Minus", 12, 0x0C, 0x1B},
	{Equal, "Equal", 13, 0x0D, 0x18},
	{LeftBracket, "LeftBracket", 26, 0x1A, 0x21},
	{RightBracket, "RightBracket", 27, 0x1B, 0x1E},
	{Backslash, "Backslash", 43, 0x2B, 0x2A},
	{NonUSHash, "NonUSHash", 43, 0x2B, 0x2A},
	{Semicolon, "Semicolon", 39, 0x27, 0x29},
	{Quote, "Quote", 40, 0x28, 0x27},
	{Grave, "Grave", 41, 0x29, 0x32},
	{Comma, "Comma", 51, 0x33, 0x2B},
	{Period, "Period", 52, 0x34, 0x2F},
	{Slash, "Slash", 53, 0x35, 0x2C},
	{CapsLock, "CapsLock", 58, 0x3A, 0x39},
	{F1, "F1", 59, 0x3B, 0x7A},
	{F2, "F2", 60, 0x3C, 0x78},
	{F3, "F3", 61, 0x3D, 0x63},
	{F4, "F4", 62, 0x3E, 0x76},
	{F5, "F5", 63, 0x3F, 0x60},
	{F6, "F6", 64, 0x40, 0x61},
	{F7, "F7", 65, 0x41, 0x62},
	{F8, "F8", 66, 0x42, 0x64},
	{F9, "F9", 67, 0x43, 0x65},
	{F10, "F10", 68, 0x44, 0x6D},
	{F11, "F11", 87, 0x57, 0x67},
	{F12, "F12", 88, 0x58, 0x6F},
	{PrintScreen, "PrintScreen", 99, 0x137, none},
	{ScrollLock, "ScrollLock", 70, 0x46, none},
	{Pause, "Pause", 119, 0x45, none},
	{Insert, "Insert", 110, 0x152, 0x72},
	{Home, "Home", 102, 0x147, 0x73},
	{PageUp, "PageUp", 104, 0x149, 0x74},
	{Delete, "Delete", 111, 0x153, 0x75},
	{End, "End", 107, 0x14F, 0x77},
	{PageDown, "PageDown", 109, 0x151, 0x79},
	{Right, "Right", 106, 0x14D, 0x7C},
	{Left, "Left", 105, 0x14B, 0x7B},
	{Down, "Down", 108, 0x150, 0x7D},
	{Up, "Up", 103, 0x148, 0x7E},
	{NumLock, "NumLock", 69, 0x145, 0x47},
	{KeypadDivide, "KeypadDivide", 98, 0x135, 0x4B},
	{KeypadMultiply, "KeypadMultiply", 55, 0x37, 0x43},
	{KeypadSubtract, "KeypadSubtract", 74, 0x4A, 0x4E},
	{KeypadAdd, "KeypadAdd", 78, 0x4E, 0x45},
	{KeypadEnter, "KeypadEnter", 96, 0x11C, 0x4C},
	{Keypad1, "Keypad1", 79, 0x4F, 0x53},
	{Keypad2, "Keypad2", 80, 0x50, 0x54},
	{Keypad3, "Keypad3", 81, 0x51, 0x55},
	{Keypad4, "Keypad4", 75, 0x4B, 0x56},
	{Keypad5, "Keypad5", 76, 0x4C, 0x57},
	{Keypad6, "Keypad6", 77, 0x4D, 0x58},
	{Keypad7, "Keypad7", 71, 0x47, 0x59},
	{Keypad8, "Keypad8", 72, 0x48, 0x5B},
	{Keypad9, "Keypad9", 73, 0x49, 0x5C},
	{Keypad0, "Keypad0", 82, 0x52, 0x52},
	{KeypadDecimal, "KeypadDecimal", 83, 0x53, 0x41},
	{NonUSBackslash, "NonUSBackslash", 86, 0x56, 0x0A},
	{Menu, "Menu", 127, 0x15D, 0x6E},
	{Power, "Power", 116, 0x15E, none},
	{KeypadEqual, "KeypadEqual", 117, 0x59, 0x51},
	{F13, "F13", 183, 0x64, 0x69},
	{F14, "F14", 184, 0x65, 0x6B},
	{F15, "F15", 185, 0x66, 0x71},
	{F16, "F16", 186, 0x67, 0x6A},
	{F17, "F17", 187, 0x68, 0x40},
	{F18, "F18", 188, 0x69, 0x4F},
	{F19, "F19", 189, 0x6A, 0x50},
	{F20, "F20", 190, 0x6B, 0x5A},
	{F21, "F21", 191, 0x6C, none},
	{F22, "F22", 192, 0x6D, none},
	{F23, "F23", 193, 0x6E, none},
	{F24, "F24", 194, 0x76, none},
	{Execute, "Execute", 134, none, none},
	{Help, "Help", 138, none, none},
	{Properties, "Properties", 130, none, none},
	{Select, "Select", 132, none, none},
	{Stop, "Stop", 128, none, none},
	{Again, "Again", 129, none, none},
	{Undo, "Undo", 131, none, none},
	{Cut, "Cut", 137, none, none},
	{Copy, "Copy", 133, none, none},
	{Paste, "Paste", 135, none, none},
	{Find, "Find", 136, none, none},
	{Mute, "Mute", 113, 0x120, 0x4A},
	{VolumeUp, "VolumeUp", 115, 0x130, 0x48},
	{VolumeDown, "VolumeDown", 114, 0x12E, 0x49},
	{KeypadComma, "KeypadComma", 121, 0x7E, 0x5F},
	{Ro, "Ro", 89, 0x73, 0x5E},
	{KatakanaHiragana, "KatakanaHiragana", 93, 0x70, none},
	{Yen, "Yen", 124, 0x7D, 0x5D},
	{Henkan, "Henkan", 92, 0x79, none},
	{Muhenkan, "Muhenkan", 94, 0x7B, none},
	{KeypadJapaneseComma, "KeypadJapaneseComma", 95, 0x5C, none},
	{Hangul, "Hangul", 122, 0x72, 0x68},
	{Hanja, "Hanja", 123, 0x71, 0x66},
	{Katakana, "Katakana", 90, 0x78, none},
	{Hiragana, "Hiragana", 91, 0x77, none},
	{ZenkakuHankaku, "ZenkakuHankaku", 85, none, none},
	{KeypadLeftParen, "KeypadLeftParen", 179, none, none},
	{KeypadRightParen, "KeypadRightParen", 180, none, none},
	{LeftControl, "LeftControl", 29, 0x1D, 0x3B},
	{LeftShift, "LeftShift", 42, 0x2A, 0x38},
	{LeftAlt, "LeftAlt", 56, 0x38, 0x3A},
	{LeftSuper, "LeftSuper", 125, 0x15B, 0x37},
	{RightControl, "RightControl", 97, 0x11D, 0x3E},
	{RightShift, "RightShift", 54, 0x36, 0x3C},
	{RightAlt, "RightAlt", 100, 0x138, 0x3D},
	{RightSuper, "RightSuper", 126, 0x15C, 0x36},
	{MediaPlayPause, "MediaPlayPause", 164, 0x122, none},
	{MediaStop, "MediaStop", 166, 0x124, none},
	{MediaPrevious, "MediaPrevious", 165, 0x110, none},
	{MediaNext, "MediaNext", 163, 0x119, none},
	{Eject, "Eject", 161, none, none},
	{BrowserHome, "BrowserHome", 172, 0x132, none},
	{BrowserBack, "BrowserBack", 158, 0x16A, none},
	{BrowserForward, "BrowserForward", 159, 0x169, none},
	{BrowserSearch, "BrowserSearch", 217, 0x165, none},
	{Sleep, "Sleep", 142, 0x15F, none},
	{BrowserRefresh, "BrowserRefresh", 173, 0x167, none},
	{Calculator, "Calculator", 140, 0x121, none},
}
