package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"impero/core/secure"
	"impero/core/store"
	"impero/core/wire"
)

// Profile is a communication profile: how a Guest reaches Hosts, and how well what travels is protected.
type Profile struct {
	Name string `json:"name"`
	Port int    `json:"port"` // where no other is typed
	// Levels are the encryption levels to allow, by their names in the guide.
	Levels []string `json:"levels"`
	// Preferred is the one of Levels that is asked for first.
	Preferred string `json:"preferred"`
}

// Limits of communication profiles.
const (
	MaxProfiles    = 100
	MaxProfileName = 64 // characters
)

const (
	profilesFile    = "profiles.json"
	profilesVersion = 1
)

// LevelInfo describes an encryption level for a choice.
type LevelInfo struct {
	Name string
	// Full tells that everything is encrypted; Some that at least keyboard and mouse are.
	Full, Some bool
	// Whole tells that nothing can be changed on the way unseen.
	Whole bool
	// Reason is empty, or why this level cannot be chosen: a key of the texts.
	Reason string
}

// NetopLevel is listed in the guide and cannot be had: its algorithm is proprietary.
const NetopLevel = "Netop 6.5 compatible"

// Levels lists the encryption levels of the guide, the strongest first, with the one that cannot be had.
func Levels() []LevelInfo {
	var list []LevelInfo
	for _, l := range wire.Levels() {
		input, data := l.Protection(wire.ChannelInput), l.Protection(wire.ChannelScreen)
		sealed := func(p wire.Protection) bool { return p == wire.ProtectSealed || p == wire.ProtectSealed128 }
		list = append(list, LevelInfo{
			Name: l.String(), Some: sealed(input), Full: sealed(input) && sealed(data),
			Whole: input != wire.ProtectNothing && data != wire.ProtectNothing,
		})
	}
	netop := LevelInfo{Name: NetopLevel, Reason: "Its algorithm is proprietary and weak, so it is not offered."}
	return slices.Insert(list, len(list)-1, netop)
}

// defaultProfile is the one every Guest has.
func defaultProfile() Profile {
	return Profile{Name: ProfileInternet, Port: DefaultPort, Levels: []string{wire.LevelVeryHigh.String(), wire.LevelHigh.String()}, Preferred: wire.LevelVeryHigh.String()}
}

// ProfileError says what is wrong with a profile. Field is name, port, levels or preferred.
type ProfileError struct{ Field, Why string }

func (e *ProfileError) Error() string { return "communication profile: " + e.Field + ": " + e.Why }

// Check says whether p can be kept; the error is a *ProfileError.
func (p Profile) Check() error {
	switch n := len([]rune(p.Name)); {
	case strings.TrimSpace(p.Name) == "" || p.Name != strings.TrimSpace(p.Name):
		return &ProfileError{"name", "it is empty, or begins or ends with a space"}
	case n > MaxProfileName || strings.ContainsFunc(p.Name, unicode.IsControl):
		return &ProfileError{"name", fmt.Sprintf("it has more than %d characters, or control characters", MaxProfileName)}
	case p.Port < 1 || p.Port > 65535:
		return &ProfileError{"port", "a port is a number from 1 to 65535"}
	case len(p.Levels) == 0:
		return &ProfileError{"levels", "at least one encryption level must be allowed"}
	case !slices.Contains(p.Levels, p.Preferred):
		return &ProfileError{"preferred", "the preferred level must be one of those allowed"}
	}
	for i, name := range p.Levels {
		if _, ok := wire.ParseLevel(name); !ok || slices.Contains(p.Levels[:i], name) {
			return &ProfileError{"levels", fmt.Sprintf("%q is no encryption level, or is there twice", name)}
		}
	}
	return nil
}

// offer gives the levels in the order of a hello: the preferred one first, then from the strongest on.
func (p Profile) offer() []wire.Level {
	first, _ := wire.ParseLevel(p.Preferred)
	out := []wire.Level{first}
	for _, l := range wire.Levels() {
		if l != first && slices.Contains(p.Levels, l.String()) {
			out = append(out, l)
		}
	}
	return out
}

// profiles is the file of communication profiles. The default one is there always, changed or not.
type profiles struct {
	path string

	mu   sync.Mutex
	list []Profile
}

func openProfiles(home store.Home) (*profiles, error) {
	p := &profiles{path: filepath.Join(home.GuestDir(), profilesFile)}
	_, err := store.LoadJSON(p.path, profilesVersion, &p.list)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the communication profiles: %w", err)
	}
	if len(p.list) > MaxProfiles {
		return nil, fmt.Errorf("read the communication profiles: %s holds %d, at most %d are read", p.path, len(p.list), MaxProfiles)
	}
	for i, one := range p.list {
		if err := one.Check(); err != nil {
			return nil, fmt.Errorf("read the communication profiles: %s, entry %d (%s): %w", p.path, i+1, one.Name, err)
		}
		if p.find(one.Name) != i {
			return nil, fmt.Errorf("read the communication profiles: %s: %q is there twice", p.path, one.Name)
		}
	}
	if p.find(ProfileInternet) < 0 {
		p.list = slices.Insert(p.list, 0, defaultProfile())
	}
	return p, nil
}

func (p *profiles) find(name string) int {
	return slices.IndexFunc(p.list, func(one Profile) bool { return one.Name == name })
}

// levels gives what a profile offers; one that is gone offers what everybody may.
func (p *profiles) levels(name string) []wire.Level {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := p.find(name); i >= 0 {
		return p.list[i].offer()
	}
	return nil
}

// offered names what a profile offers, in the order of the levels.
func (e *Engine) offered(profile string) []string {
	levels := e.profiles.levels(profile)
	if levels == nil {
		levels = secure.DefaultLevels()
	}
	slices.Sort(levels)
	return levelNames(levels)
}

func levelNames(levels []wire.Level) []string {
	var names []string
	for _, l := range levels {
		names = append(names, l.String())
	}
	return names
}

// Target is ParseTarget with the port of the profile where none is typed. A profile that is not there gives an error of
// KindNoProfile; an empty one is ProfileInternet.
func (e *Engine) Target(typed, profile string) (Target, error) {
	if profile == "" {
		profile = ProfileInternet
	}
	for _, p := range e.Profiles() {
		if p.Name == profile {
			return parseTarget(typed, profile, p.Port)
		}
	}
	return Target{}, &Error{Kind: KindNoProfile, Target: Target{Host: strings.TrimSpace(typed), Profile: profile}}
}

// Profiles lists the communication profiles, the default one first.
func (e *Engine) Profiles() []Profile {
	e.profiles.mu.Lock()
	defer e.profiles.mu.Unlock()
	list := slices.Clone(e.profiles.list)
	for i := range list {
		list[i].Levels = slices.Clone(list[i].Levels)
	}
	return list
}

// SaveProfile keeps p in place of the profile called old, or as a new one if old is empty. The default profile keeps its
// name. With a new name, history and known hosts of the old one follow.
func (e *Engine) SaveProfile(old string, p Profile) error {
	if err := p.Check(); err != nil {
		return err
	}
	err := e.replaceProfile(old, p)
	if err != nil || old == "" || old == p.Name {
		return err
	}
	return errors.Join(e.known.rename(old, p.Name), e.history.rename(old, p.Name))
}

func (e *Engine) replaceProfile(old string, p Profile) error {
	return e.changeProfiles(func(list []Profile) ([]Profile, error) {
		at := slices.IndexFunc(list, func(one Profile) bool { return one.Name == old })
		taken := slices.IndexFunc(list, func(one Profile) bool { return one.Name == p.Name })
		switch {
		case old == ProfileInternet && p.Name != old:
			return nil, &ProfileError{"name", "the default profile keeps its name"}
		case taken >= 0 && taken != at:
			return nil, &ProfileError{"name", "another profile has this name"}
		case at >= 0:
			list[at] = p
			return list, nil
		case old != "":
			return nil, &ProfileError{"name", fmt.Sprintf("there is no profile %q any more", old)}
		case len(list) >= MaxProfiles:
			return nil, &ProfileError{"name", fmt.Sprintf("there are %d profiles, the most there may be", MaxProfiles)}
		}
		return append(list, p), nil
	})
}

// DeleteProfile drops a profile. The default one cannot be dropped.
func (e *Engine) DeleteProfile(name string) error {
	if name == ProfileInternet {
		return &ProfileError{"name", "the default profile cannot be deleted"}
	}
	return e.changeProfiles(func(list []Profile) ([]Profile, error) {
		return slices.DeleteFunc(list, func(one Profile) bool { return one.Name == name }), nil
	})
}

func (e *Engine) changeProfiles(change func([]Profile) ([]Profile, error)) error {
	p := e.profiles
	p.mu.Lock()
	defer p.mu.Unlock()
	list, err := change(slices.Clone(p.list))
	if err != nil {
		return err
	}
	if err := store.SaveJSON(p.path, profilesVersion, list); err != nil {
		return fmt.Errorf("keep the communication profiles: %w", err)
	}
	p.list = list
	return nil
}
