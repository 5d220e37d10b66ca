package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/ui/guest/presenter"
)

// headless connects without a window, tells the state once a second and ends
// after --for, after the screenshot, or with ctx.
func headless(ctx context.Context, o *options, engine *guest.Engine, out, errs io.Writer) (code int, err error) {
	target, err := engine.Target(o.host, o.profile)
	if err != nil {
		return exitUsage, err
	}
	s, err := engine.Connect(ctx, target, &presenter.Script{User: o.user, Password: o.password, AcceptKey: o.acceptKey, Waits: func(limit time.Duration) {
		fmt.Fprintf(errs, "Waiting for the person at %s to let you in, for %.0f seconds at most.\n", target.Host, limit.Seconds())
	}})
	switch {
	case err != nil && ctx.Err() != nil:
		return exitDone, nil
	case err != nil:
		tellKeys(errs, err)
		return codeOf(err), err
	}
	defer s.Close()
	return follow(ctx, o, s, out)
}

// tellKeys says both keys of a Host that is not the one that is known, and what to do if that is right.
func tellKeys(errs io.Writer, err error) {
	var e *guest.Error
	if errors.As(err, &e) && e.Changed != nil {
		fmt.Fprintf(errs, "Known  %s\nShown  %s\nIf the person who looks after the Host confirms the new one, forget the known key in the Guest's window, Tools > Known Hosts.\n",
			e.Changed.Known, e.Changed.Shown)
	}
}

// codeOf gives the exit code of an error of Connect.
func codeOf(err error) int {
	var e *guest.Error
	if !errors.As(err, &e) {
		return exitError
	}
	switch e.Kind {
	case guest.KindBadAddress, guest.KindBadPort, guest.KindNameNotFound, guest.KindNobody, guest.KindNoAnswer, guest.KindNotImpero,
		guest.KindHostTooOld, guest.KindHostTooNew:
		return exitReach
	case guest.KindChangedKey, guest.KindNotTrusted, guest.KindHandshake, guest.KindKnownHosts:
		return exitIdentity
	case guest.KindLogonFailed, guest.KindLockedOut, guest.KindLogonTime, guest.KindUserRefused, guest.KindUserAway, guest.KindAddress, guest.KindMode,
		guest.KindNoLogon, guest.KindFull, guest.KindBusy, guest.KindNoDisplay, guest.KindDenied, guest.KindLevel,
		guest.KindNotSupported:
		return exitLogon
	case guest.KindLost, guest.KindHostUser, guest.KindHostStopping, guest.KindRoleEnded, guest.KindInactive, guest.KindTime, guest.KindSessionOver, guest.KindReplaced:
		return exitLost
	case guest.KindNoProfile:
		return exitUsage
	}
	return exitError
}

// follow tells the state until there is a reason to end.
func follow(ctx context.Context, o *options, s *guest.Session, out io.Writer) (int, error) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var end <-chan time.Time
	if o.duration > 0 {
		end = time.After(o.duration)
	}
	r := newReporter(out, o.json, s)
	for {
		select {
		case <-ctx.Done():
			return exitDone, nil
		case <-end:
			return exitDone, nil
		case <-s.Done():
			if err := s.Err(); err != nil {
				return exitLost, err
			}
			return exitDone, nil
		case <-second.C:
			if err := r.second(); err != nil {
				return exitError, because("The state of the session cannot be told", err)
			}
		case <-s.Updates():
			if err := r.link(); err != nil {
				return exitError, because("The state of the session cannot be told", err)
			}
			if o.screenshot == "" || r.stale() {
				continue
			}
			if img, exact := exactPicture(s); exact {
				return exitOf(o.save(img, out))
			}
		}
	}
}

// exactPicture copies the picture if it equals the Host's byte for byte and none
// came meanwhile.
func exactPicture(s *guest.Session) (img *image.RGBA, exact bool) {
	before := s.Stats()
	if !before.Exact {
		return nil, false
	}
	s.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
		img = &image.RGBA{Pix: append([]byte(nil), f.Pix...), Stride: 4 * f.W, Rect: image.Rect(0, 0, f.W, f.H)}
	})
	return img, s.Stats().Frames == before.Frames
}

// save writes the picture to the file, and tells where; lines of JSON stay alone.
func (o *options) save(img *image.RGBA, out io.Writer) error {
	if err := presenter.WritePicture(o.screenshot, img); err != nil {
		return because(fmt.Sprintf("The picture was not saved as %s", o.screenshot), err)
	}
	if o.json {
		return nil
	}
	_, err := fmt.Fprintln(out, o.screenshot)
	return err
}

func exitOf(err error) (int, error) {
	if err != nil {
		return exitError, err
	}
	return exitDone, nil
}
