package wire

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// pattern gives n bytes that count up, so that a shifted field shows.
func pattern(n int, from byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

// fill gives n times the same byte, which a vector writes in one line.
func fill(n int) []byte { return bytes.Repeat([]byte{'a'}, n) }

func letters(n int) string { return strings.Repeat("a", n) }

func goodGuestHello() *GuestHello {
	m := &GuestHello{Levels: []Level{LevelVeryHigh, 9}, Capabilities: []Capability{
		{CapabilityJPEG, nil}, {CapabilityLossless, nil}, {CapabilityScreen, nil}, {0x1234, []byte{0xca, 0xfe}}}}
	copy(m.Random[:], pattern(RandomLen, 0))
	copy(m.X25519[:], pattern(X25519Len, 0x40))
	copy(m.MLKEM[:], fill(MLKEMKeyLen))
	return m
}

func goodHostHello() *HostHello {
	m := &HostHello{Level: LevelVeryHigh, Levels: []Level{LevelVeryHigh}, Capabilities: []Capability{{CapabilityJPEG, nil}, {CapabilityCursor, nil}}}
	copy(m.Random[:], pattern(RandomLen, 0))
	copy(m.X25519[:], pattern(X25519Len, 0x40))
	copy(m.MLKEM[:], fill(MLKEMCipherLen))
	return m
}

func goodHostIdentity(name string) *HostIdentity {
	m := &HostIdentity{Name: name}
	copy(m.Key[:], pattern(IdentityLen, 0))
	copy(m.Signature[:], pattern(SignatureLen, 0x40))
	return m
}

// A goodMessage is a message that parses, with what its vector shows.
type goodMessage struct {
	file, shows string
	m           Message
}

func goodMessages() []goodMessage {
	mac := [FinishedLen]byte(pattern(FinishedLen, 0))
	session := [16]byte(pattern(16, 0xa0))
	return []goodMessage{
		{"guesthello", "Two levels, one of them unknown, and four capabilities, one of them unknown and with a parameter.", goodGuestHello()},
		{"guesthello-least", "One level and no capability is enough for the layout.", &GuestHello{Levels: []Level{LevelVeryHigh}}},
		{"hosthello", "The Host chose its only level.", goodHostHello()},
		{"hostidentity", "A name with a character of two bytes.", goodHostIdentity("Büro 3")},
		{"hostidentity-longest", "A name of 64 bytes, the limit.", goodHostIdentity(letters(MaxName))},
		{"hostfinished", "A MAC.", &HostFinished{mac}},
		{"guestfinished", "A MAC.", &GuestFinished{mac}},
		{"refuse", "The Host is full, and speaks version 1.", &Refuse{CloseFull, 1}},
		{"hostlevels", "The Host allows two levels.", &HostLevels{[]Level{LevelKeyboard, LevelNone}}},
		{"refuse-unknown-code", "A code that this version does not know still parses.", &Refuse{999, 7}},
		{"close", "The Guest ends the session.", &Close{CloseDone, ""}},
		{"close-detail", "An end with words for a log.", &Close{CloseProtocol, "Key on the control channel"}},
		{"close-longest", "A detail of 512 bytes, the limit.", &Close{CloseInternal, letters(MaxDetail)}},
		{"ping", "A token.", &Ping{0x0102030405060708}},
		{"pong", "The same token.", &Pong{0x0102030405060708}},
		{"received", "Two of control, 260 of input.", &Received{2, 260}},
		{"skip", "One message.", &Skip{1}},
		{"skip-most", "8192 messages, the limit.", &Skip{MaxSkip}},
		{"sessionjoin", "The third ticket.", &SessionJoin{session, 3, 17, mac}},
		{"sessionjoined", "Counts and a proof.", &SessionJoined{4, 5, mac}},
		{"logonoffer", "Both methods, user and password preferred.", &LogonOffer{[]Method{MethodUserPassword, MethodPassword}}},
		{"logonstart-password", "Without a user.", &LogonStart{MethodPassword, "", "front desk", pattern(8, 0)}},
		{"logonstart-user", "With a user, and no data.", &LogonStart{MethodUserPassword, "zoë", "", nil}},
		{"logonstart-longest", "Every field at its limit.", &LogonStart{MethodUserPassword, letters(MaxUser), letters(MaxName), fill(MaxLogonData)}},
		{"logondata", "A step of a proof.", &LogonData{pattern(16, 0)}},
		{"logondata-empty", "No bytes: the Guest found the password wrong.", &LogonData{nil}},
		{"logonprompt", "A note, a text and a secret.", &LogonPrompt{"One more step", []Field{{FieldNote, "See your phone"}, {FieldText, "Code"}, {FieldSecret, "PIN"}}}},
		{"logonanswer", "A value for each field of the prompt; the note's is empty.", &LogonAnswer{[][]byte{nil, []byte("123456"), []byte("0000")}}},
		{"logonfailed", "Two tries left, and 2 seconds to wait.", &LogonFailed{2, 2}},
		{"logonfailed-unsaid", "The Host does not say how many tries are left.", &LogonFailed{255, 0}},
		{"logondone", "Role Full control with permissions 1 and 2.", &LogonDone{session, "Full control", []uint16{1, 2}}},
		{"logondone-nothing", "A role without a name that allows nothing.", &LogonDone{session, "", nil}},
		{"logonwait", "30 seconds.", &LogonWait{30}},
		{"streamopen", "A screen with 2 MiB of credit.", &StreamOpen{KindScreen, 2 << 20, nil}},
		{"streamopen-unknown-kind", "An unknown kind parses; it is answered with a StreamReset.", &StreamOpen{0x7777, MaxCredit, pattern(4, 1)}},
		{"streamaccept", "2 MiB of credit.", &StreamAccept{2 << 20}},
		{"streamaccept-none", "No credit yet.", &StreamAccept{0}},
		{"streamdata", "Three bytes, the first of them number 7.", &StreamData{7, []byte{1, 2, 3}}},
		{"streamcredit", "9 bytes have come, 91 more may.", &StreamCredit{9, 100}},
		{"streamcredit-most", "8 MiB more, the limit.", &StreamCredit{1 << 40, 1<<40 + MaxCredit}},
		{"streamcredit-end", "The end has come too: no more may.", &StreamCredit{101, 100}},
		{"streamend", "There were 7 bytes.", &StreamEnd{7}},
		{"streamreset", "The role does not allow it.", &StreamReset{CloseDenied, ""}},
		{"screenack", "Update 7 is shown.", &ScreenAck{7}},
		{"screenrefresh", "It has no fields.", &ScreenRefresh{}},
		{"displaystate", "There is a display.", &DisplayState{true, ""}},
		{"displaystate-not", "There is none, and why.", &DisplayState{false, "no one is logged on"}},
		{"rolechanged", "From now on the role is View only, with permission 1.", &RoleChanged{"View only", []uint16{1}}},
		{"denied", "Permission 2: keyboard and mouse.", &Denied{2}},
		{"key-down", "The key at A, which gave an a.", &Key{0x04, true, 'a'}},
		{"key-up", "No character is known.", &Key{0x04, false, 0}},
		{"key-highest-character", "U+10FFFF, the highest.", &Key{0xe7, true, 0x10ffff}},
		{"pointer", "Layout 3, x 1920, y 1079.", &Pointer{3, 1920, 1079}},
		{"button-left", "Pressed.", &Button{1, true}},
		{"button-forward", "Button 9 let go.", &Button{9, false}},
		{"wheel", "One notch up.", &Wheel{0, -1}},
		{"wheel-most", "64 notches, the limits.", &Wheel{64, -64}},
		{"text", "Characters of one, two, three and four bytes.", &Text{"aé€😀"}},
		{"text-longest", "1024 bytes, the limit.", &Text{letters(MaxText)}},
		{"releaseall", "It has no fields.", &ReleaseAll{}},
	}
}

// A badMessage is a body that does not parse.
type badMessage struct {
	name, file, shows string
	body              []byte
}

// bodyOf gives m's body with each cut of edits at its place: {at, remove, insert}.
func bodyOf(m Message, edits ...edit) []byte {
	var e Encoder
	m.Append(&e)
	for _, d := range edits {
		e.B = append(append(append([]byte(nil), e.B[:d.at]...), d.insert...), e.B[d.at+d.remove:]...)
	}
	return e.B
}

type edit struct {
	at, remove int
	insert     []byte
}

func set(at int, b ...byte) edit { return edit{at, len(b), b} }

const (
	guestLevelsAt = RandomLen + X25519Len + MLKEMKeyLen
	hostLevelAt   = RandomLen + X25519Len + MLKEMCipherLen
	identNameAt   = IdentityLen + SignatureLen
)

func badHandshake() []badMessage {
	least := &GuestHello{Levels: []Level{LevelVeryHigh}}
	hello := func(m GuestHello) []byte { return bodyOf(&m) }
	many := make([]Capability, MaxCapabilities+1)
	for i := range many {
		many[i].Number = uint16(i + 1)
	}
	return []badMessage{
		{"GuestHello", "no-level", "At least one level is allowed.", bodyOf(least, edit{guestLevelsAt, 2, []byte{0}})},
		{"GuestHello", "17-levels", "16 levels at most.", hello(GuestHello{Levels: levels(MaxLevels + 1)})},
		{"GuestHello", "level-twice", "A level comes once.", hello(GuestHello{Levels: []Level{1, 2, 1}})},
		{"GuestHello", "capability-descending", "Capabilities ascend.", hello(GuestHello{Levels: levels(1), Capabilities: []Capability{{2, nil}, {1, nil}}})},
		{"GuestHello", "capability-twice", "A capability comes once.", hello(GuestHello{Levels: levels(1), Capabilities: []Capability{{2, nil}, {2, nil}}})},
		{"GuestHello", "65-capabilities", "64 capabilities at most.", hello(GuestHello{Levels: levels(1), Capabilities: many})},
		{"GuestHello", "parameter-257", "256 bytes of a parameter at most.", hello(GuestHello{Levels: levels(1), Capabilities: []Capability{{1, fill(MaxParameter + 1)}}})},
		{"GuestHello", "capability-missing", "The count says one more than there is.", bodyOf(least, set(guestLevelsAt+2, 0, 1))},
		{"HostHello", "level-not-listed", "The chosen level is one of the Host's.", bodyOf(goodHostHello(), set(hostLevelAt, 2))},
		{"HostLevels", "none", "At least one level.", bodyOf(&HostLevels{})},
		{"HostLevels", "twice", "A level comes once.", bodyOf(&HostLevels{[]Level{2, 2}})},
		{"HostHello", "level-twice", "A level comes once.", bodyOf(goodHostHello(), edit{hostLevelAt + 1, 2, []byte{2, 1, 1}})},
		{"HostIdentity", "name-65", "64 bytes of a name at most.", bodyOf(goodHostIdentity(letters(MaxName + 1)))},
		{"HostIdentity", "name-control", "No control character.", bodyOf(goodHostIdentity("a"), set(identNameAt+1, '\n'))},
		{"HostIdentity", "name-c1", "No control character of the second block: U+0085.", bodyOf(goodHostIdentity("\u0085"))},
		{"HostIdentity", "name-not-utf8", "0xFF is no UTF-8.", bodyOf(goodHostIdentity("a"), set(identNameAt+1, 0xff))},
		{"HostIdentity", "name-overlong", "C0 AF is an overlong slash.", bodyOf(goodHostIdentity("ab"), set(identNameAt+1, 0xc0, 0xaf))},
		{"HostIdentity", "name-surrogate", "ED A0 80 is a surrogate.", bodyOf(goodHostIdentity("abc"), set(identNameAt+1, 0xed, 0xa0, 0x80))},
		{"HostIdentity", "name-cut", "The length says one more than there is.", bodyOf(goodHostIdentity("a"), set(identNameAt, 2))},
		{"Refuse", "empty", "Two fields are missing.", nil},
	}
}

func levels(n int) (l []Level) {
	for i := range n {
		l = append(l, Level(i+1))
	}
	return l
}

func badLogon() []badMessage {
	done := &LogonDone{Role: "a"}
	return []badMessage{
		{"Close", "detail-513", "512 bytes at most.", bodyOf(&Close{CloseDone, letters(MaxDetail + 1)})},
		{"Close", "detail-del", "No control character: U+007F.", bodyOf(&Close{CloseDone, "\x7f"})},
		{"LogonOffer", "none", "At least one method.", []byte{0}},
		{"LogonOffer", "nine", "8 methods at most.", append([]byte{9}, pattern(9, 1)...)},
		{"LogonOffer", "twice", "A method comes once.", []byte{2, 1, 1}},
		{"LogonStart", "user-257", "256 bytes of a user at most.", bodyOf(&LogonStart{MethodUserPassword, letters(MaxUser + 1), "", nil})},
		{"LogonStart", "user-nul", "No control character: U+0000.", bodyOf(&LogonStart{MethodUserPassword, "a\x00", "", nil})},
		{"LogonStart", "computer-65", "64 bytes of a computer at most.", bodyOf(&LogonStart{MethodPassword, "", letters(MaxName + 1), nil})},
		{"LogonStart", "data-4097", "4096 bytes of data at most.", bodyOf(&LogonStart{MethodPassword, "", "", fill(MaxLogonData + 1)})},
		{"LogonData", "4097", "4096 bytes at most.", bodyOf(&LogonData{fill(MaxLogonData + 1)})},
		{"LogonPrompt", "no-field", "At least one field.", bodyOf(&LogonPrompt{Text: "a"})},
		{"LogonPrompt", "nine-fields", "8 fields at most.", bodyOf(&LogonPrompt{"", make([]Field, 9)})},
		{"LogonPrompt", "kind-0", "Kinds are 1 to 3.", bodyOf(&LogonPrompt{"", []Field{{0, "a"}}})},
		{"LogonPrompt", "kind-4", "Kinds are 1 to 3.", bodyOf(&LogonPrompt{"", []Field{{4, "a"}}})},
		{"LogonPrompt", "label-513", "512 bytes of a label at most.", bodyOf(&LogonPrompt{"", []Field{{FieldText, letters(MaxTitle + 1)}}})},
		{"LogonPrompt", "text-513", "512 bytes of text at most.", bodyOf(&LogonPrompt{letters(MaxTitle + 1), []Field{{FieldText, ""}}})},
		{"LogonAnswer", "none", "At least one value.", []byte{0}},
		{"LogonAnswer", "nine", "8 values at most.", bodyOf(&LogonAnswer{make([][]byte, 9)})},
		{"LogonAnswer", "value-1025", "1024 bytes of a value at most.", bodyOf(&LogonAnswer{[][]byte{fill(MaxValue + 1)}})},
		{"LogonDone", "role-65", "64 bytes of a role at most.", bodyOf(&LogonDone{Role: letters(MaxRole + 1)})},
		{"LogonDone", "65-permissions", "64 permissions at most.", bodyOf(done, edit{18, 1, append([]byte{65}, pattern(130, 0)...)})},
		{"LogonDone", "permission-twice", "A permission comes once.", bodyOf(&LogonDone{Permissions: []uint16{1, 1}})},
		{"RoleChanged", "role-65", "64 bytes of a role at most.", bodyOf(&RoleChanged{Role: letters(MaxRole + 1)})},
		{"RoleChanged", "permission-twice", "A permission comes once.", bodyOf(&RoleChanged{Permissions: []uint16{1, 1}})},
		{"LogonDone", "permission-descending", "Permissions ascend.", bodyOf(&LogonDone{Permissions: []uint16{2, 1}})},
	}
}

func badSession() []badMessage {
	return []badMessage{
		{"Skip", "none", "At least one message.", bodyOf(&Skip{})},
		{"Skip", "too-many", "8192 messages at most.", bodyOf(&Skip{MaxSkip + 1})},
		{"StreamOpen", "credit-too-high", "8 MiB of credit at most.", bodyOf(&StreamOpen{KindScreen, MaxCredit + 1, nil})},
		{"StreamOpen", "parameter-1025", "1024 bytes of a parameter at most.", bodyOf(&StreamOpen{KindScreen, 0, fill(MaxStreamParam + 1)})},
		{"StreamAccept", "credit-too-high", "8 MiB of credit at most.", bodyOf(&StreamAccept{MaxCredit + 1})},
		{"StreamData", "empty", "At least one byte.", bodyOf(&StreamData{})},
		{"StreamCredit", "too-high", "8 MiB of credit at most.", bodyOf(&StreamCredit{1, MaxCredit + 2})},
		{"StreamReset", "detail-513", "512 bytes at most.", bodyOf(&StreamReset{CloseDone, letters(MaxDetail + 1)})},
		{"DisplayState", "bad-bool", "A boolean is 0 or 1.", bodyOf(&DisplayState{true, ""}, set(0, 2))},
		{"DisplayState", "reason-513", "512 bytes at most.", bodyOf(&DisplayState{false, letters(MaxDetail + 1)})},
		{"Key", "bad-bool", "A boolean is 0 or 1.", bodyOf(&Key{4, true, 0}, set(2, 0xff))},
		{"Key", "character-110000", "U+10FFFF is the highest character.", bodyOf(&Key{4, true, 0x110000})},
		{"Key", "surrogate-d800", "A surrogate is no character.", bodyOf(&Key{4, true, 0xd800})},
		{"Key", "surrogate-dfff", "A surrogate is no character.", bodyOf(&Key{4, true, 0xdfff})},
		{"Button", "zero", "Buttons are 1, 2, 3, 8 and 9.", bodyOf(&Button{0, true})},
		{"Button", "four", "A wheel is no button.", bodyOf(&Button{4, true})},
		{"Button", "seven", "A wheel is no button.", bodyOf(&Button{7, true})},
		{"Button", "ten", "Buttons are 1, 2, 3, 8 and 9.", bodyOf(&Button{10, true})},
		{"Wheel", "still", "Not both are 0.", bodyOf(&Wheel{0, 0})},
		{"Wheel", "65", "64 notches at most.", bodyOf(&Wheel{65, 0})},
		{"Wheel", "minus-65", "64 notches at most.", bodyOf(&Wheel{0, -65})},
		{"Wheel", "minus-32768", "The lowest number, whose negative is no i16.", bodyOf(&Wheel{1, -32768})},
		{"Text", "empty", "At least one byte.", bodyOf(&Text{""})},
		{"Text", "1025", "1024 bytes at most.", bodyOf(&Text{letters(MaxText + 1)})},
		{"Text", "tab", "Tab is a key.", bodyOf(&Text{"a\tb"})},
	}
}

// A badBytes is something other than a message that is not taken.
type rawVector struct {
	kind, file, shows, expect string
	data                      []byte
}

func rawVectors() []rawVector {
	preamble := Preamble{Version, OldestVersion, PurposeSession, "studio-3"}.Append(nil)
	answer := Answer{Version}.Append(nil)
	edited := func(b []byte, e edit) []byte {
		return append(append(append([]byte(nil), b[:e.at]...), e.insert...), b[e.at+e.remove:]...)
	}
	header := func(h Header) []byte { return h.Append(nil) }
	return []rawVector{
		{"preamble", "good", "A session with studio-3.", "ok", preamble},
		{"preamble", "no-target", "The target may be empty; versions 1 to 7.", "ok", Preamble{7, 1, PurposeTest, ""}.Append(nil)},
		{"preamble", "longest-target", "255 bytes of target, the limit.", "ok", Preamble{1, 1, PurposeSession, letters(MaxTarget)}.Append(nil)},
		{"preamble", "unknown-purpose", "An unknown purpose parses; it is answered with Refuse (Purpose).", "ok", Preamble{2, 1, 200, "a"}.Append(nil)},
		{"preamble", "wrong-magic", "The magic tells a damaged line ending.", "not impero", edited(preamble, set(6, '\n', '\n'))},
		{"preamble", "http", "Another protocol.", "not impero", []byte("GET / HTTP/1.1\r\n\r\n")},
		{"preamble", "cut", "The target is cut off.", "malformed", preamble[:len(preamble)-1]},
		{"preamble", "trailing", "A byte after the end.", "malformed", append(bytes.Clone(preamble), 0)},
		{"preamble", "oldest-0", "Versions begin at 1.", "malformed", edited(preamble, set(10, 0, 0))},
		{"preamble", "oldest-above-newest", "The oldest version is not above the newest.", "malformed", edited(preamble, set(10, 0, 2))},
		{"preamble", "purpose-0", "Purposes begin at 1.", "malformed", edited(preamble, set(12, 0))},
		{"preamble", "target-control", "No control character in the target.", "malformed", edited(preamble, set(14, 0x1b))},
		{"answer", "good", "Version 1.", "ok", answer},
		{"answer", "version-0", "Versions begin at 1.", "malformed", edited(answer, set(8, 0, 0))},
		{"answer", "wrong-magic", "Upper case.", "not impero", edited(answer, set(1, 'M'))},
		{"answer", "trailing", "A byte after the end.", "malformed", append(bytes.Clone(answer), 0)},
		{"answer", "cut", "The version is cut off.", "malformed", answer[:9]},
		{"header", "clear", "A hello in clear: epoch 0 on channel control.", "ok", header(Header{1262, ChannelControl, EpochClear})},
		{"header", "sealed", "16 KiB, the limit of a connection with input, on channel screen.", "ok", header(Header{MaxRecord, ChannelScreen, EpochSession})},
		{"header", "last-epoch", "Epoch 65535.", "ok", header(Header{27, ChannelInput, 65535})},
		{"header", "empty", "A record holds a frame.", "malformed", header(Header{0, ChannelControl, EpochClear})},
		{"header", "only-a-tag", "A sealed record holds more than its tag.", "malformed", header(Header{TagLen, ChannelControl, EpochSession})},
		{"header", "too-long", "One byte more than 16 KiB.", "malformed", header(Header{MaxRecord + 1, ChannelScreen, EpochSession})},
		{"header", "longest", "4 GiB less a byte.", "malformed", header(Header{0xffffffff, ChannelScreen, EpochSession})},
		{"header", "channel-0", "Channels are 1 to 5.", "malformed", header(Header{100, 0, EpochSession})},
		{"header", "channel-6", "Channels are 1 to 5.", "malformed", header(Header{100, 6, EpochSession})},
		{"header", "reserved", "The reserved byte is 0.", "malformed", edited(header(Header{100, ChannelControl, EpochSession}), set(5, 1))},
		{"header", "clear-input", "Nothing but control comes in clear.", "malformed", header(Header{100, ChannelInput, EpochClear})},
		{"header", "handshake-bulk", "Nothing but control comes under the handshake keys.", "malformed", header(Header{100, ChannelBulk, EpochHandshake})},
		{"header", "cut", "7 of 8 bytes.", "malformed", header(Header{100, ChannelControl, EpochSession})[:7]},
		{"header", "trailing", "9 bytes.", "malformed", append(header(Header{100, ChannelControl, EpochSession}), 0)},
		{"frame", "good", "A critical frame of stream 1.", "ok", AppendMessage(nil, 1, &Key{4, true, 'a'})},
		{"frame", "unknown", "The number is not known; the frame parses.", "ok", Frame{0x7abc, false, 0, []byte("?")}.Append(nil)},
		{"frame", "empty-body", "A body may be empty.", "ok", AppendMessage(nil, 0x01020304, &StreamEnd{})},
		{"frame", "cut-header", "9 of 10 bytes.", "malformed", AppendMessage(nil, 1, &StreamEnd{})[:9]},
		{"frame", "cut-body", "The body is a byte short.", "malformed", AppendMessage(nil, 1, &ScreenAck{1})[:13]},
		{"frame", "too-long", "One byte more than 256 KiB is refused from the length alone.", "malformed", []byte{0x80, 0x32, 0, 0, 0, 1, 0, 4, 0, 1, 0}},
		{"frame", "longest", "4 GiB less a byte is refused from the length alone.", "malformed", []byte{0x80, 0x32, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}},
	}
}

// A checkVector is one frame that a side receives.
type checkVector struct {
	file, shows, from, state, channel, expect string
	frame                                     []byte
}

func checkVectors() []checkVector {
	frame := func(t Type, critical bool, stream uint32, m Message) []byte {
		f := Frame{Type: t, Critical: critical, Stream: stream}
		if m != nil {
			f.Body = bodyOf(m)
		}
		return f.Append(nil)
	}
	key := &Key{4, true, 'a'}
	return []checkVector{
		{"key", "A key in an open session.", "Guest", "Open", "input", "ok", AppendMessage(nil, 1, key)},
		{"key-not-critical", "A known message has the critical bit of its row.", "Guest", "Open", "input", "Protocol", frame(TypeKey, false, 1, key)},
		{"denied-critical", "A known message has the critical bit of its row.", "Host", "Open", "control", "Protocol", frame(TypeDenied, true, 0, &Denied{1})},
		{"key-from-host", "The Host has no keys to send.", "Host", "Open", "input", "Protocol", AppendMessage(nil, 1, key)},
		{"key-before-logon", "No input before the logon is done.", "Guest", "Logon", "input", "Protocol", AppendMessage(nil, 1, key)},
		{"key-on-control", "Input comes on its own channel.", "Guest", "Open", "control", "Protocol", AppendMessage(nil, 1, key)},
		{"key-without-stream", "Input names a screen's stream.", "Guest", "Open", "input", "Protocol", AppendMessage(nil, 0, key)},
		{"key-malformed", "A bad body is found after its row fits.", "Guest", "Open", "input", "Protocol", Frame{TypeKey, true, 1, []byte{0}}.Append(nil)},
		{"ping-with-stream", "A ping belongs to the session.", "Guest", "Open", "control", "Protocol", AppendMessage(nil, 1, &Ping{1})},
		{"ping-in-logon", "A ping may come while the user types.", "Host", "Logon", "control", "ok", AppendMessage(nil, 0, &Ping{1})},
		{"data-on-control", "Data comes on its stream's channel.", "Host", "Open", "control", "Protocol", AppendMessage(nil, 1, &StreamData{0, []byte{1}})},
		{"data-on-screen", "Data of a screen.", "Host", "Open", "screen", "ok", AppendMessage(nil, 1, &StreamData{0, []byte{1}})},
		{"logonstart-when-open", "No second logon.", "Guest", "Open", "control", "Protocol", AppendMessage(nil, 0, &LogonStart{Method: 1})},
		{"hello-again", "No second hello.", "Guest", "Open", "control", "Protocol", AppendMessage(nil, 0, goodGuestHello())},
		{"refuse-after-keys", "An unauthenticated end counts only before there are keys.", "Host", "Logon", "control", "Protocol", AppendMessage(nil, 0, &Refuse{CloseFull, 1})},
		{"close-in-hello", "There is no Close before there are keys.", "Host", "Hello", "control", "Protocol", AppendMessage(nil, 0, &Close{CloseDone, ""})},
		{"ping-when-closed", "Nothing comes after the end.", "Guest", "Closed", "control", "Protocol", AppendMessage(nil, 0, &Ping{1})},
		{"unknown", "An unknown message that is not critical is skipped.", "Host", "Open", "control", "skip", frame(0x7abc, false, 5, nil)},
		{"unknown-critical", "An unknown critical message ends the session.", "Host", "Open", "control", "Unknown", frame(0x7abc, true, 5, nil)},
		{"unknown-in-hello", "Nothing that the transcript does not cover comes in the handshake.", "Host", "Hello", "control", "Protocol", frame(0x7abc, false, 0, nil)},
		{"unknown-in-identity", "Nothing that the transcript does not cover comes in the handshake.", "Guest", "Identity", "control", "Protocol", frame(0x7abc, false, 0, nil)},
		{"unknown-when-closed", "Nothing comes after the end.", "Guest", "Closed", "control", "Protocol", frame(0x7abc, false, 0, nil)},
	}
}

// listVectors gives every vector there is.
func listVectors(t testing.TB) []vector {
	all := docs(t)
	var list []vector
	add := func(v vector) {
		if v.expect == "ok" {
			got, fields, _, err := v.run()
			if got != "ok" {
				t.Fatalf("%s does not parse: %v", v.file, err)
			}
			v.fields = fields
		}
		if v.dump == "" {
			v.dump = dumpHex(runs(v.data))
		}
		if _, _, _, err := v.run(); err != nil { // the reason stands in the file, so that it is the one meant
			v.shows += "\n(" + err.Error() + ")"
		}
		list = append(list, v)
	}
	annotate := func(v vector) vector {
		parts, err := split(layoutOf(t, all, docName(v)), v.data)
		if err != nil {
			t.Fatalf("%s: %v", v.file, err)
		}
		v.dump = dumpHex(parts)
		return v
	}
	for _, g := range goodMessages() {
		spec, _ := Lookup(g.m.Type())
		add(annotate(vector{file: "message-" + g.file, shows: spec.Name + ". " + g.shows, kind: "message", name: spec.Name, expect: "ok", data: bodyOf(g.m)}))
	}
	seen := map[Type]bool{}
	for _, g := range goodMessages() { // every message refuses a byte too many, and all but the empty and data one too few
		spec, _ := Lookup(g.m.Type())
		if seen[spec.Type] {
			continue
		}
		seen[spec.Type] = true
		body, file := bodyOf(g.m), strings.ToLower(spec.Name)
		if spec.Type == TypeStreamData {
			continue
		}
		add(vector{file: "message-" + file + "-bad-trailing", shows: spec.Name + ". A byte after the last field.", kind: "message", name: spec.Name, expect: "malformed", data: append(bytes.Clone(body), 0)})
		if len(body) > 0 {
			add(vector{file: "message-" + file + "-bad-cut", shows: spec.Name + ". The last byte is missing.", kind: "message", name: spec.Name, expect: "malformed", data: body[:len(body)-1]})
		}
	}
	for _, m := range append(append(badHandshake(), badLogon()...), badSession()...) {
		add(vector{file: fmt.Sprintf("message-%s-bad-%s", strings.ToLower(m.name), m.file), shows: m.name + ". " + m.shows, kind: "message", name: m.name, expect: "malformed", data: m.body})
	}
	for _, r := range rawVectors() {
		v := vector{file: r.kind + "-" + r.file, shows: r.shows, kind: r.kind, expect: r.expect, data: r.data}
		if r.expect == "ok" {
			v = annotate(v)
		} else {
			v.file = r.kind + "-bad-" + r.file
		}
		add(v)
	}
	for _, c := range checkVectors() {
		add(vector{file: "check-" + c.file, shows: c.shows, kind: "check", from: c.from, state: c.state, channel: c.channel, expect: c.expect, data: c.frame})
	}
	return list
}

// runs cuts bytes where a long run of one byte begins or ends.
func runs(b []byte) []segment {
	var out []segment
	from := 0
	for i := 0; i < len(b); {
		j := i
		for j < len(b) && b[j] == b[i] {
			j++
		}
		if j-i > 32 {
			out = append(out, segment{"", b[from:i]}, segment{"", b[i:j]})
			from = j
		}
		i = j
	}
	return append(out, segment{"", b[from:]})
}
