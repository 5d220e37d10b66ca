package keeper

import (
	"slices"
	"testing"

	"github.com/spf13/pflag"

	"impero/core/config"
	"impero/core/host/setup"
)

// TestOverruled: each option of a Host names attributes that there are, and those alone that were given count.
func TestOverruled(t *testing.T) {
	var o setup.Options
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Add(flags)
	for name, places := range overruled {
		if name != "display" && flags.Lookup(name) == nil {
			t.Errorf("there is no --%s", name)
		}
		for _, place := range places {
			if attribute(place[0], place[1]) == nil {
				t.Errorf("--%s goes before %s, which there is not", name, place)
			}
		}
	}
	if err := flags.Parse([]string{"--port", "7000", "--name=till"}); err != nil {
		t.Fatal(err)
	}
	k := &Keeper{o: Options{Command: CommandOf(&o)}}
	tcp, names := placeLocal.Child("HostComputer/Communication/TCP"), placeLocal.Child("HostComputer/Names")
	want := []config.Overruled{{Kinds: names, Attribute: "NamingMode", By: "--name"}, {Kinds: names, Attribute: "Hostname", By: "--name"},
		{Kinds: tcp, Attribute: "Enable", By: "--port"}, {Kinds: tcp, Attribute: "ReceivePort", By: "--port"}}
	if got := k.Overruled(); !slices.Equal(got, want) {
		t.Errorf("overruled is %v", got)
	}
	if p := tcp.Parent().Instance("TCP", "TCP 1"); p.Kinds() != tcp {
		t.Errorf("the kinds of %s are %s", p, p.Kinds())
	}
}
