package theme

import (
	"bytes"
	"fmt"
	"image/color"
	"path"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/assets"
)

// IconName is the name of an icon of the own set: its file in assets/icons
// without ".svg". The empty name means no icon.
type IconName string

// The set. One metaphor a thing: a monitor is a Host, a user a Guest, a closed
// lock encryption, a shield identity, a plug a profile, an eye somebody who
// watches.
const (
	IconAlertCircle     IconName = "alert-circle"
	IconAlertTriangle   IconName = "alert-triangle"
	IconArrowRight      IconName = "arrow-right"
	IconChat            IconName = "chat"
	IconCheckCircle     IconName = "check-circle"
	IconCheck           IconName = "check"
	IconChevronDown     IconName = "chevron-down"
	IconChevronLeft     IconName = "chevron-left"
	IconChevronRight    IconName = "chevron-right"
	IconChevronUp       IconName = "chevron-up"
	IconClipboard       IconName = "clipboard"
	IconClock           IconName = "clock"
	IconClose           IconName = "close"
	IconCopy            IconName = "copy"
	IconCtrlAltDel      IconName = "ctrl-alt-del"
	IconDisconnect      IconName = "disconnect"
	IconDocument        IconName = "document"
	IconEdit            IconName = "edit"
	IconExport          IconName = "export"
	IconEyeOff          IconName = "eye-off"
	IconEye             IconName = "eye"
	IconFileTransfer    IconName = "file-transfer"
	IconFit             IconName = "fit"
	IconFolder          IconName = "folder"
	IconFullscreen      IconName = "fullscreen"
	IconGear            IconName = "gear"
	IconGlobe           IconName = "globe"
	IconHelp            IconName = "help"
	IconImport          IconName = "import"
	IconInfo            IconName = "info"
	IconKeyboard        IconName = "keyboard"
	IconLeaveFullscreen IconName = "leave-fullscreen"
	IconList            IconName = "list"
	IconLockOpen        IconName = "lock-open"
	IconLock            IconName = "lock"
	IconMinus           IconName = "minus"
	IconMonitor         IconName = "monitor"
	IconMore            IconName = "more"
	IconNetworkOff      IconName = "network-off"
	IconPhonebookAdd    IconName = "phonebook-add"
	IconPhonebook       IconName = "phonebook"
	IconPin             IconName = "pin"
	IconPlay            IconName = "play"
	IconPlug            IconName = "plug"
	IconPlus            IconName = "plus"
	IconRedo            IconName = "redo"
	IconRefresh         IconName = "refresh"
	IconRemoteControl   IconName = "remote-control"
	IconScreenshot      IconName = "screenshot"
	IconSearch          IconName = "search"
	IconShieldAlert     IconName = "shield-alert"
	IconShieldCheck     IconName = "shield-check"
	IconShield          IconName = "shield"
	IconSliders         IconName = "sliders"
	IconStop            IconName = "stop"
	IconTag             IconName = "tag"
	IconTrash           IconName = "trash"
	IconTunnel          IconName = "tunnel"
	IconUnchecked       IconName = "unchecked"
	IconUndo            IconName = "undo"
	IconUser            IconName = "user"
	IconUsers           IconName = "users"
)

// What the files have for a colour and for the thickness of a stroke.
const (
	iconInk    = "currentColor"
	iconStroke = `stroke-width="1.35"`
	iconWeight = 1.35
)

// iconResource is an icon in the colour of a token. Name and content follow the
// running theme; the name contains the colour, because Fyne caches the drawn
// picture by name.
type iconResource struct {
	name  IconName
	token Token
	scale func() float32
}

// Icon gives an icon in the colour of a token, as that is in the running theme
// whenever the resource is read. An unknown name gives an empty picture.
func Icon(n IconName, t Token) fyne.Resource { return &iconResource{name: n, token: t} }

// IconAt is Icon for a canvas with a scale of its own, in pixels a unit: Fyne
// draws strokes as many pixels thick as the file says units, so they must grow
// with the scale. Icon takes the scale of the first window.
func IconAt(n IconName, t Token, scale func() float32) fyne.Resource {
	return &iconResource{name: n, token: t, scale: scale}
}

// weight gives the thickness of the strokes in pixels.
func (r *iconResource) weight() float32 {
	scale := float32(1)
	if r.scale != nil {
		scale = r.scale()
	} else if windows := fyne.CurrentApp().Driver().AllWindows(); len(windows) > 0 {
		scale = windows[0].Canvas().Scale()
	}
	return iconWeight * max(scale, 0.5)
}

// Name implements fyne.Resource.
func (r *iconResource) Name() string {
	return fmt.Sprintf("%s-%s-%.2f.svg", r.name, hex(Color(r.token))[1:], r.weight())
}

// Content implements fyne.Resource.
func (r *iconResource) Content() []byte {
	b, err := assets.Icons.ReadFile(path.Join("icons", string(r.name)+".svg"))
	if err != nil {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"/>`)
	}
	b = bytes.ReplaceAll(b, []byte(iconStroke), fmt.Appendf(nil, `stroke-width="%.2f"`, r.weight()))
	return bytes.ReplaceAll(b, []byte(iconInk), []byte(hex(Color(r.token))))
}

// hex writes a colour as #RRGGBB, without its opacity.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02X%02X%02X", n.R, n.G, n.B)
}

// AppIcon gives the application icon of a program, "guest", "host" or "hostmanager", as PNG of
// 256 pixels.
func AppIcon(program string) (fyne.Resource, error) {
	b, err := assets.Icons.ReadFile(path.Join("icons", program+".png"))
	if err != nil {
		return nil, fmt.Errorf("read icon of %s: %w", program, err)
	}
	return fyne.NewStaticResource(program+".png", b), nil
}

// replaced gives the own icon that stands for one of Fyne's.
func replaced(n fyne.ThemeIconName) (IconName, bool) {
	switch n {
	case fynetheme.IconNameNavigateNext, fynetheme.IconNameMenuExpand:
		return IconChevronRight, true
	case fynetheme.IconNameMoveDown, fynetheme.IconNameArrowDropDown:
		return IconChevronDown, true
	case fynetheme.IconNameMoveUp, fynetheme.IconNameArrowDropUp:
		return IconChevronUp, true
	case fynetheme.IconNameNavigateBack:
		return IconChevronLeft, true
	case fynetheme.IconNameCancel, fynetheme.IconNameContentClear:
		return IconClose, true
	case fynetheme.IconNameConfirm:
		return IconCheck, true
	case fynetheme.IconNameSearch:
		return IconSearch, true
	case fynetheme.IconNameVisibility:
		return IconEye, true
	case fynetheme.IconNameVisibilityOff:
		return IconEyeOff, true
	case fynetheme.IconNameContentCopy:
		return IconCopy, true
	case fynetheme.IconNameContentPaste:
		return IconClipboard, true
	case fynetheme.IconNameContentAdd:
		return IconPlus, true
	case fynetheme.IconNameContentRemove:
		return IconMinus, true
	case fynetheme.IconNameDelete:
		return IconTrash, true
	case fynetheme.IconNameContentUndo:
		return IconUndo, true
	case fynetheme.IconNameContentRedo:
		return IconRedo, true
	case fynetheme.IconNameFolder, fynetheme.IconNameFolderOpen:
		return IconFolder, true
	case fynetheme.IconNameDocument, fynetheme.IconNameFile:
		return IconDocument, true
	case fynetheme.IconNameInfo:
		return IconInfo, true
	case fynetheme.IconNameQuestion, fynetheme.IconNameHelp:
		return IconHelp, true
	case fynetheme.IconNameWarning:
		return IconAlertTriangle, true
	case fynetheme.IconNameError:
		return IconAlertCircle, true
	case fynetheme.IconNameMoreHorizontal:
		return IconMore, true
	case fynetheme.IconNameSettings:
		return IconSliders, true
	case fynetheme.IconNameViewRefresh:
		return IconRefresh, true
	}
	return "", false
}
