package host

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"impero/core/wire"
)

// netopLevel stands in the guide and cannot be had.
const netopLevel = "netop 6.5 compatible"

// ParseLevels takes a list of encryption levels as a person types it: names of the guide with commas between, in any
// case, with hyphens or spaces. It gives them from the strongest on, each once.
func ParseLevels(list string) ([]wire.Level, error) {
	var levels []wire.Level
	for part := range strings.SplitSeq(list, ",") {
		name := strings.Join(strings.Fields(strings.ReplaceAll(part, "-", " ")), " ")
		l, ok := wire.ParseLevel(name)
		switch {
		case strings.EqualFold(name, netopLevel):
			return nil, errors.New("\"Netop 6.5 compatible\" is not offered: its algorithm is proprietary and weak")
		case !ok:
			return nil, fmt.Errorf("%q is no encryption level: there are %s", strings.TrimSpace(part), strings.Join(levelNames(wire.Levels()), ", "))
		case !slices.Contains(levels, l):
			levels = append(levels, l)
		}
	}
	slices.Sort(levels)
	return levels, nil
}

// WeakLevels names those that do not encrypt everything.
func WeakLevels(levels []wire.Level) []string {
	return levelNames(slices.DeleteFunc(slices.Clone(levels), func(l wire.Level) bool { return l <= wire.LevelHigh }))
}

func levelNames(levels []wire.Level) []string {
	var names []string
	for _, l := range levels {
		names = append(names, l.String())
	}
	return names
}
