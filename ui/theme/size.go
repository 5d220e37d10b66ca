package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Text sizes, in units.
const (
	TextSize       float32 = 13
	CaptionSize    float32 = 11.5
	TableHeadSize  float32 = 11
	LabelSize      float32 = 12 // labels above a control
	SubHeadingSize float32 = 15
	HeadingSize    float32 = 20
)

// Gaps and margins, in units.
const (
	Padding      float32 = 4
	InnerPadding float32 = 6
	LineSpacing  float32 = 3
	Margin       float32 = 16 // left and right in content, first column, status bar
	DialogMargin float32 = 20
	ButtonGap    float32 = 8
	BlockGap     float32 = 13 // between blocks
)

// Heights and least widths, in units.
const (
	ControlHeight   float32 = 30 // button, entry, select
	ButtonMinWidth  float32 = 88
	IconButtonSize  float32 = 28
	RowHeight       float32 = 28
	TallRowHeight   float32 = 46 // a row of two lines
	TableHeadHeight float32 = 27 // without its line
	TreeRowHeight   float32 = 25
	MenuRowHeight   float32 = 28
	ToolbarHeight   float32 = 40 // without its line
	TabStripHeight  float32 = 35
	PaneHeadHeight  float32 = 31 // without its line
	StatusBarHeight float32 = 25 // without its line
	BannerHeight    float32 = 38
	ChipHeight      float32 = 20
	LineWidth       float32 = 1
	RingWidth       float32 = 2
	ProgressHeight  float32 = 4
	WrapColumns             = 75 // characters in a line of running text, at most
	DialogMinWidth  float32 = 440
	TooltipColumns          = 60
)

// Icon edges, in units.
const (
	IconSize       float32 = 16
	StatusIconSize float32 = 14
	ChipIconSize   float32 = 13
	HeadIconSize   float32 = 28
	EmptyIconSize  float32 = 40
)

// Radii, in units.
const (
	ControlRadius   float32 = 4 // controls and cards
	SelectionRadius float32 = 3
	PopupRadius     float32 = 5
	DialogRadius    float32 = 8
	ChipRadius      float32 = 10
)

// sizeOf gives the value of a Fyne size; ok is false for one that stays as
// Fyne has it.
func sizeOf(n fyne.ThemeSizeName) (size float32, ok bool) {
	switch n {
	case fynetheme.SizeNameText:
		return TextSize, true
	case fynetheme.SizeNameCaptionText:
		return CaptionSize, true
	case fynetheme.SizeNameSubHeadingText:
		return SubHeadingSize, true
	case fynetheme.SizeNameHeadingText:
		return HeadingSize, true
	case fynetheme.SizeNameInnerPadding:
		return InnerPadding, true
	case fynetheme.SizeNamePadding:
		return Padding, true
	case fynetheme.SizeNameLineSpacing:
		return LineSpacing, true
	case fynetheme.SizeNameInlineIcon:
		return IconSize, true
	case fynetheme.SizeNameSeparatorThickness, fynetheme.SizeNameInputBorder:
		return LineWidth, true
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNameCardRadius:
		return ControlRadius, true
	case fynetheme.SizeNameSelectionRadius:
		return SelectionRadius, true
	case fynetheme.SizeNameMenuRadius, fynetheme.SizeNamePopupRadius:
		return PopupRadius, true
	case fynetheme.SizeNameDialogRadius:
		return DialogRadius, true
	case fynetheme.SizeNameScrollBar:
		return 10, true
	case fynetheme.SizeNameScrollBarSmall:
		return 3, true
	case fynetheme.SizeNameSplitThickness:
		return 5, true
	case fynetheme.SizeNameModalBlurRadius:
		return 0, true // a blur costs a full repaint for each frame
	}
	return 0, false
}
