package screen

import (
	"encoding/binary"

	"impero/core/wire"
)

// Abilities are what a viewer can take beyond the baseline.
type Abilities struct {
	Codecs Codecs
	Cache  int // bytes of tiles that it keeps; 0: none
}

// AbilitiesOf reads them from a Guest's capabilities; what is unknown or malformed is no ability.
func AbilitiesOf(list []wire.Capability) (a Abilities) {
	for _, c := range list {
		switch c.Number {
		case wire.CapabilityJPEG:
			a.Codecs |= CodecJPEG
		case wire.CapabilityH264:
			a.Codecs |= CodecH264
		case wire.CapabilityVP8:
			a.Codecs |= CodecVP8
		case wire.CapabilityTiles:
			if len(c.Parameter) == 4 {
				a.Cache = int(min(binary.BigEndian.Uint32(c.Parameter), wire.MaxPictureCache))
			}
		}
	}
	return a
}

// Capabilities are a's for a hello, ascending by number.
func (a Abilities) Capabilities() (list []wire.Capability) {
	for _, c := range []struct {
		codec  Codecs
		number uint16
	}{{CodecJPEG, wire.CapabilityJPEG}, {CodecH264, wire.CapabilityH264}, {CodecVP8, wire.CapabilityVP8}} {
		if a.Codecs&c.codec != 0 {
			list = append(list, wire.Capability{Number: c.number})
		}
		if c.codec == CodecJPEG {
			list = append(list, wire.Capability{Number: wire.CapabilityLossless})
		}
	}
	if size := min(a.Cache, wire.MaxPictureCache); size >= slotBytes {
		list = append(list, wire.Capability{Number: wire.CapabilityTiles, Parameter: binary.BigEndian.AppendUint32(nil, uint32(size))})
	}
	return list
}
