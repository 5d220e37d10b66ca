// Try shows the product on one machine: a Host that shares a small desktop on an X server of its own, and a Guest that
// is connected to it. Password, key and settings are made for this run and gone after it.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/store"
)

func main() {
	picture := flag.String("picture", "run.png", "where the screenshot goes when the Guest has no display of yours")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := try(ctx, *picture); err != nil {
		fmt.Fprintln(os.Stderr, "try:", err)
		os.Exit(1)
	}
}

func try(ctx context.Context, picture string) error {
	home, err := os.MkdirTemp("", "impero-try-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	os.Setenv(store.HomeVariable, home)
	password, bin := rand.Text(), filepath.Dir(os.Args[0])
	address, err := prepare(store.At(home), password)
	if err != nil {
		return err
	}
	// The X servers and what runs on them outlive Ctrl+C until the Guest is gone: it would complain of a broken display.
	lasting := context.WithoutCancel(ctx)
	desktop, err := lab.RunX(lasting, lab.Screen{W: 1024, H: 700})
	if err != nil {
		return err
	}
	defer desktop.Close()
	for _, argv := range [][]string{
		{"openbox"},
		{"xsetroot", "-solid", "#1f4e5f"},
		{"xterm", "-geometry", "84x18+24+40", "-fa", "DejaVu Sans Mono", "-fs", "10", "-T", "Terminal on the Host"},
		{"xclock", "-geometry", "150x150-24+40", "-update", "1"},
		{filepath.Join(bin, "Imperohost"), "--standalone", "--listen", address},
	} {
		p, err := lab.RunProcess(lasting, desktop.Display, argv...)
		if err != nil {
			return err
		}
		defer p.Close()
	}
	if err := answers(ctx, address); err != nil {
		return err
	}
	return control(ctx, filepath.Join(bin, "ImperoGuest"), address, password, picture)
}

// prepare sets the Host's password, has the Guest know the Host's key, and finds a port.
func prepare(home store.Home, password string) (address string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address = l.Addr().String()
	l.Close()
	h, err := host.New(host.Config{Home: home})
	if err != nil {
		return "", err
	}
	defer h.Close()
	if err := h.SetPassword(password); err != nil {
		return "", err
	}
	t, err := guest.ParseTarget(address, "")
	if err != nil {
		return "", err
	}
	e, err := guest.New(guest.Config{Home: home})
	if err != nil {
		return "", err
	}
	return address, e.Remember(t, h.PublicKey())
}

// answers waits until the Host listens.
func answers(ctx context.Context, address string) error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return c.Close()
		}
		if ctx.Err() != nil || time.Now().After(end) {
			return fmt.Errorf("wait for the Host: %w", err)
		}
	}
}
