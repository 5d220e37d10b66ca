package viewer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/lab/load"
	"impero/core/lab/measure"
	"impero/core/picture"
	"impero/core/store"
)

// painted is an X server on which the load "key" draws.
func painted(t *testing.T) (x *lab.X, stop func()) {
	t.Helper()
	x = lab.StartX(t, lab.Screen{W: load.Width, H: load.Height})
	in, commands := io.Pipe()
	said, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- load.Run(t.Context(), load.Config{Display: x.Display, Name: "key", In: in, Out: out}) }()
	if _, err := io.ReadFull(said, make([]byte, len("ready\n"))); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, said)
	fmt.Fprintln(commands, "go")
	t.Cleanup(func() {
		commands.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return x, func() { fmt.Fprintln(commands, "stop") }
}

// service is a Serve that runs, and what speaks with it.
type service struct {
	t       *testing.T
	in      io.WriteCloser
	answers *json.Decoder
	done    chan error
}

func serve(t *testing.T, cfg Config, connection func(int) (net.Conn, error)) *service {
	t.Helper()
	spec, err := load.Find("key")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Places = spec.Places
	in, commands := io.Pipe()
	said, out := io.Pipe()
	s := &service{t, commands, json.NewDecoder(said), make(chan error, 1)}
	go func() {
		s.done <- Serve(t.Context(), in, out, connection)
		out.Close()
	}()
	t.Cleanup(func() {
		commands.Close()
		<-s.done
	})
	line, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.ask(string(line))
	return s
}

func (s *service) ask(command string) Answer {
	s.t.Helper()
	a := s.try(command)
	if a.Error != "" {
		s.t.Fatalf("%s: %s", command, a.Error)
	}
	return a
}

func (s *service) try(command string) Answer {
	s.t.Helper()
	fmt.Fprintln(s.in, command)
	var a Answer
	if err := s.answers.Decode(&a); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// follow has a viewer of the load "key" do all it can.
func follow(t *testing.T, s *service, x *lab.X, stop func(), most float64) {
	t.Helper()
	keys := s.ask(CommandKeys + " 300ms")
	if len(keys.Latencies) == 0 || keys.Missed > 0 || keys.Latencies[0] <= 0 {
		t.Errorf("keys: %+v", keys)
	}
	folder := t.TempDir()
	if a := s.try(CommandPictures + " " + folder); a.Error == "" {
		t.Error("there are pictures of the last frame before it was drawn")
	}
	stop()
	lab.WaitFor(t, time.Minute, "the last frame", func() bool { return s.try(CommandPictures+" "+folder).Error == "" })
	shown := s.ask(CommandShown).Shown
	if want := len(keys.Latencies) + 2; len(shown) != 1 || len(shown[0]) != want { // the first picture and the last
		t.Fatalf("%d keys, shown %+v", len(keys.Latencies), shown)
	}
	pix, err := os.ReadFile(filepath.Join(folder, CalmPicture))
	if err != nil {
		t.Fatal(err)
	}
	shot := lab.TakeScreenshot(t, x.Display)
	psnr, _, err := measure.Compare(&picture.Frame{W: load.Width, H: load.Height, Pix: pix},
		&picture.Frame{W: load.Width, H: load.Height, Order: picture.RGBX, Pix: shot.Pix})
	if err != nil || psnr < most {
		t.Errorf("the viewer's picture is %.1f dB from the display's: %v", psnr, err)
	}
	if a := s.try("dance"); a.Error == "" {
		t.Error("a command that there is not was carried out")
	}
}

// TestWindowIsWatched: the load's own display stands for one with a viewer's window.
func TestWindowIsWatched(t *testing.T) {
	x, stop := painted(t)
	s := serve(t, Config{Kind: KindWindow, Viewers: 1, Display: x.Display}, nil)
	follow(t, s, x, stop, measure.MaxPSNR)
}

func TestImperoIsWatched(t *testing.T) {
	x, stop := painted(t)
	t.Setenv("DISPLAY", x.Display)
	home, address, password := hosted(t)
	s := serve(t, Config{Kind: KindImpero, Viewers: 1, Address: address, Password: password, Home: home}, func(int) (net.Conn, error) {
		return net.Dial("tcp", address)
	})
	if s.ask(CommandMark).Bytes == 0 {
		t.Error("a picture came in no bytes")
	}
	follow(t, s, x, stop, 30)
}

// hosted runs a Host for the display in DISPLAY, which Guests at home know.
func hosted(t *testing.T) (home, address, password string) {
	t.Helper()
	home, password = t.TempDir(), "correct horse battery"
	daemon, user := net.Pipe()
	h, err := host.New(host.Config{Home: store.At(home), Listen: []string{"127.0.0.1:0"}, Agent: daemon})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetPassword(password); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- h.Run(ctx) }()
	go func() { ended <- agent.Run(context.Background(), user, agent.Config{}) }()
	t.Cleanup(func() {
		cancel()
		<-ended
		<-ended
		h.Close()
	})
	for !h.State().Running || !h.State().Display.Ready {
		<-h.Changes()
	}
	address = fmt.Sprintf("127.0.0.1:%d", h.State().Port)
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := guest.New(guest.Config{Home: store.At(home)})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Remember(target, h.PublicKey()); err != nil {
		t.Fatal(err)
	}
	return home, address, password
}

func TestServeSaysWhyItCannotWatch(t *testing.T) {
	nobody := func(int) (net.Conn, error) {
		here, there := net.Pipe()
		there.Close()
		return here, nil
	}
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Kind: KindVNC, Viewers: 1}, "RFB"},
		{Config{Kind: "telepathy", Viewers: 1}, "telepathy"},
		{Config{Kind: KindVNC, Viewers: 1000}, "1000 viewers"},
		{Config{Kind: KindImpero, Viewers: 1, Address: "127.0.0.1:1", Home: t.TempDir()}, "connection"},
		{Config{Kind: KindWindow, Viewers: 1, Display: "none"}, "display"},
	} {
		line, err := json.Marshal(c.config)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := Serve(t.Context(), strings.NewReader(string(line)+"\n"), &out, nobody); err == nil || !strings.Contains(out.String(), c.want) {
			t.Errorf("%+v: said %q, %v", c.config, out.String(), err)
		}
	}
}
