package core_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more tests run side by side than there are processors: those that are marked so wait for outages to pass
// most of the time. Whoever gives -parallel has that.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 {
		switch os.Args[1] {
		case drawFlag:
			os.Exit(drawLoad(os.Args[2]))
		case hostFlag:
			os.Exit(serveScreen(os.Args[2]))
		}
	}
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		flag.Set("test.parallel", "16")
	}
	os.Exit(m.Run())
}
