package config

import (
	"bufio"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

var kills = flag.Int("kills", 30, "how often a saving process is killed")

// savingFolder names the folder in which this process, started by TestKilledWhileSaving, saves until it is killed.
const savingFolder = "IMPERO_TEST_SAVING"

func TestMain(m *testing.M) {
	if dir := os.Getenv(savingFolder); dir != "" {
		saveForEver(dir)
	}
	os.Exit(m.Run())
}

// saveForEver saves documents of different lengths and says so after the first.
func saveForEver(dir string) {
	f := At(dir, slog.New(slog.DiscardHandler))
	d, err := f.Load()
	for i := 0; err == nil; i++ {
		p := placeRoles.Instance("Role", "View only")
		if i%2 == 0 {
			err = d.Set(firstTCP, "ReceivePort", fmt.Sprint(2000+i%1000))
		} else if p, err = d.Copy(p); err == nil && i%3 == 0 {
			err = d.Delete(p)
		}
		if err == nil {
			err = f.Save(d)
		}
		if i == 0 {
			fmt.Println("saving")
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

func TestKilledWhileSaving(t *testing.T) {
	dir := t.TempDir()
	for round := range *kills {
		killOne(t, dir)
		f := At(dir, slog.New(slog.DiscardHandler))
		d, err := f.Load()
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if _, err := os.Stat(f.Path()); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		valid(t, d)
		if round%10 == 9 { // the copies would reach their limit
			if err := f.Save(New()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// killOne starts a process that saves and kills it at a random moment.
func killOne(t *testing.T, dir string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), savingFolder+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	timer := time.AfterFunc(time.Duration(rand.Int64N(int64(15*time.Millisecond))), func() { c.Process.Kill() })
	defer timer.Stop()
	c.Wait()
	if line != "saving\n" {
		t.Fatalf("the saving process said %q", line)
	}
}
