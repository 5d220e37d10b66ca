package presenter

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/ui/shell/phrase"
)

// maxNameHost bounds the Host's part of a file name, in runes.
const maxNameHost = 80

// PictureFolder is where screenshots go: Pictures in the home folder if there is
// one, else the home folder.
func PictureFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	pictures := filepath.Join(home, "Pictures")
	if info, err := os.Stat(pictures); err == nil && info.IsDir() {
		return pictures
	}
	return home
}

// Screenshot writes a picture of the session to a new PNG file in folder, on a
// goroutine of its own, and says where it is. The picture must not change any
// more.
func (l *Live) Screenshot(picture image.Image, folder string) {
	path := filepath.Join(folder, screenshotName(l.info.Target.Host, l.desk.clock.Now()))
	l.desk.running.Add(1)
	go func() {
		defer l.desk.running.Done()
		err := WritePicture(path, picture)
		l.desk.post(func() {
			if err != nil {
				l.Say(phrase.With("The screenshot was not saved: {{.Reason}}", phrase.Args{"Reason": err.Error()}))
				return
			}
			l.Say(phrase.With("Screenshot saved as {{.File}}", phrase.Args{"File": path}))
		})
	}()
}

// screenshotName is the name of a file: what could lead out of its folder or is
// no part of a name is replaced.
func screenshotName(host string, now time.Time) string {
	clean := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, host))
	return fmt.Sprintf("Impero %s %s.png", string(clean[:min(len(clean), maxNameHost)]), now.Format("2006-01-02 15.04.05.000"))
}

// WritePicture writes a PNG file that did not exist, for its owner alone: it may
// show what others must not see.
func WritePicture(path string, picture image.Image) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("save picture: %w", closed)
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(f, picture); err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	return nil
}
