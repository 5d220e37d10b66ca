package presenter

import (
	"errors"
	"time"

	"impero/core/guest"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// Trouble is an error in words: what happened, and what to do.
type Trouble struct {
	Title phrase.Phrase
	Text  phrase.Phrase
	// Again tells that trying again makes sense.
	Again bool
	// Silent tells that the person did it and needs no words.
	Silent bool
	// Profile tells that editing the communication profile may help.
	Profile bool
	// Field tells that the words belong under the Host field.
	Field bool
	// Details is for "Copy details", in English.
	Details string
}

// Explain puts an error of the engine into words, for programs without windows.
// What a Script refused is in the words of the Script.
func Explain(err error) Trouble {
	t := troubleOf(asError(err), time.Now())
	if said := refusal(""); errors.As(err, &said) {
		t.Text, t.Silent = phrase.Plain(string(said)), false
	}
	return t
}

// asError gives the engine's error in err; anything else counts as a fault of
// this program.
func asError(err error) *guest.Error {
	var e *guest.Error
	if errors.As(err, &e) {
		return e
	}
	return &guest.Error{Kind: guest.KindInternal, Detail: err.Error(), Err: err}
}

// troubleOf puts an error into words. now is what a waiting time counts from.
func troubleOf(e *guest.Error, now time.Time) Trouble {
	t := reachWords(e)
	if t.Text.Empty() && !t.Silent {
		t = logonWords(e, now)
	}
	if t.Text.Empty() && !t.Silent {
		t = faultWords(e)
	}
	t.Details = e.Error()
	return t
}

// args are the places that most errors fill.
func args(e *guest.Error) phrase.Args {
	address := e.Address
	if address == "" {
		address = e.Target.Address()
	}
	return phrase.Args{"Host": e.Target.Host, "Port": e.Target.Port, "Address": address, "Detail": e.Detail, "File": e.File}
}

// reachWords are for a Host that was not reached.
func reachWords(e *guest.Error) Trouble {
	a := args(e)
	switch e.Kind {
	case guest.KindBadAddress:
		if e.Target.Host == "" {
			return Trouble{Field: true, Text: phrase.New("Type the name or the IP address of a Host.")}
		}
		return Trouble{Field: true, Text: phrase.With("\"{{.Host}}\" is not a name or an IP address. Check it for spaces and signs.", a)}
	case guest.KindBadPort:
		if e.Typed == "" {
			return Trouble{Field: true, Text: phrase.New("There is no port after the colon. Use 1 to 65535, or leave the colon out.")}
		}
		return Trouble{Field: true, Text: portWords(e.Typed)}
	case guest.KindNameNotFound:
		return Trouble{Field: true, Title: phrase.New("The Host was not found"), Again: true,
			Text: phrase.With("Nothing is called {{.Host}} on this network. Check the spelling, or type the IP address.", a)}
	case guest.KindNobody:
		return Trouble{Title: phrase.New("No Host listens there"), Again: true,
			Text: phrase.With("{{.Host}} answers, but no Host listens on port {{.Port}}. Start the Host there, or check the port.", a)}
	case guest.KindNoAnswer:
		return Trouble{Title: phrase.New("No answer"), Again: true,
			Text: phrase.With("{{.Address}} does not answer. It may be off, or a firewall drops the connection.", a)}
	case guest.KindNotImpero:
		return Trouble{Title: phrase.New("No Host listens there"), Again: true,
			Text: phrase.With("Another program than a Host answers on port {{.Port}} of {{.Host}}. Check the port.", a)}
	case guest.KindHostTooOld:
		return Trouble{Title: phrase.New("The Host is too old"),
			Text: phrase.With("This Guest no longer understands the Host on {{.Host}}. Update the Host.", a)}
	case guest.KindHostTooNew:
		return Trouble{Title: phrase.New("This Guest is too old"),
			Text: phrase.With("The Host on {{.Host}} is newer than this Guest understands. Update this Guest.", a)}
	case guest.KindCancelled, guest.KindNotTrusted:
		return Trouble{Silent: true}
	}
	return Trouble{}
}

// maxTyped bounds what is said of what was typed, in runes: a message has one line.
const maxTyped = 20

// portWords say that what was typed is no port.
func portWords(typed string) phrase.Phrase {
	if r := []rune(typed); len(r) > maxTyped {
		typed = string(r[:maxTyped]) + "…"
	}
	return phrase.With("\"{{.Typed}}\" is not a port. Use 1 to 65535.", phrase.Args{"Typed": typed})
}

// logonWords are for a Host that was reached and did not let in.
func logonWords(e *guest.Error, now time.Time) Trouble {
	a := args(e)
	switch e.Kind {
	case guest.KindLogonFailed:
		return Trouble{Title: phrase.New("Not logged on"), Again: true,
			Text: phrase.With("User or password is wrong, and {{.Host}} takes no more tries now.", a)}
	case guest.KindLockedOut:
		if e.Wait <= 0 {
			return Trouble{Title: phrase.New("Not logged on"), Text: phrase.New("This Host accepts no logon from here for some time, after too many wrong tries.")}
		}
		a["Time"] = now.Add(e.Wait).Add(time.Minute - 1).Truncate(time.Minute).Format("15:04")
		return Trouble{Title: phrase.New("Not logged on"),
			Text: phrase.With("This Host accepts no logon from here until {{.Time}}, after too many wrong tries.", a)}
	case guest.KindLogonTime:
		return Trouble{Title: phrase.New("Not logged on"), Again: true,
			Text: phrase.With("{{.Host}} waited too long for the logon and closed the connection. Have the password at hand and try again.", a)}
	case guest.KindUserRefused:
		if e.Wait > 0 {
			a["Time"] = now.Add(e.Wait).Format("15:04:05")
			return Trouble{Title: phrase.New("Access was refused"), Again: true,
				Text: phrase.With("The person at {{.Host}} was asked for you just now. You can ask again at {{.Time}}.", a)}
		}
		return Trouble{Title: phrase.New("Access was refused"), Again: true, Text: phrase.With("The person at {{.Host}} said no.", a)}
	case guest.KindUserAway:
		if e.Wait > 0 {
			return Trouble{Title: phrase.New("Nobody answered"), Again: true,
				Text: phrase.Count("Nobody at {{.Host}} answered within {{.Count}} seconds.", int(e.Wait/time.Second), a)}
		}
		return Trouble{Title: phrase.New("Nobody answered"), Again: true,
			Text: phrase.With("Your access to {{.Host}} must be confirmed there, and nobody can be asked now.", a)}
	case guest.KindAddress:
		return Trouble{Title: phrase.New("Access was refused"),
			Text: phrase.With("{{.Host}} takes no connection from the address of this computer. The Host's administrator can change it.", a)}
	case guest.KindMode:
		return Trouble{Title: phrase.New("Nobody can log on"),
			Text: phrase.With("{{.Host}} is set to a way to log on that it cannot do yet. The Host's administrator can change it.", a)}
	case guest.KindNoLogon:
		return Trouble{Title: phrase.New("The Host has no password yet"), Again: true,
			Text: phrase.With("Nobody can log on to {{.Host}} before a password is set in the Host's window there.", a)}
	case guest.KindFull:
		return Trouble{Title: phrase.New("The Host is full"), Again: true,
			Text: phrase.With("{{.Host}} already has 8 sessions, the most it takes. Try again when one has ended.", a)}
	case guest.KindBusy:
		return Trouble{Title: phrase.New("The Host is busy"), Again: true,
			Text: phrase.With("{{.Host}} has too many logons at once. Try again in a minute.", a)}
	case guest.KindNoDisplay:
		if e.Detail == "" {
			return Trouble{Title: phrase.New("No display to show"), Again: true,
				Text: phrase.With("{{.Host}} has no display to share now. Somebody may have to log on at its desktop.", a)}
		}
		return Trouble{Title: phrase.New("No display to show"), Again: true,
			Text: phrase.With("{{.Host}} has no display to share now. The Host says: {{.Detail}}", a)}
	case guest.KindDenied:
		return Trouble{Title: phrase.New("Your role does not allow this"),
			Text: phrase.With("Your role on {{.Host}} does not allow remote control. The Host's administrator can change it.", a)}
	case guest.KindLevel:
		if len(e.Levels) > 0 {
			a["Theirs"], a["Ours"], a["Profile"] = level.List(e.Levels), level.List(e.Offered), e.Target.Profile
			return Trouble{Title: phrase.New("No common encryption level"), Profile: true,
				Text: phrase.With("This Host allows only {{.Theirs}}; your profile {{.Profile}} allows {{.Ours}}.", a)}
		}
		return Trouble{Profile: true, Title: phrase.New("No common encryption level"),
			Text: phrase.With("{{.Host}} allows none of the encryption levels that this Guest offers. The Host's administrator can change that.", a)}
	}
	return Trouble{}
}

// faultWords are for connections that broke, ended or went wrong.
func faultWords(e *guest.Error) Trouble {
	a := args(e)
	switch e.Kind {
	case guest.KindChangedKey:
		return Trouble{Title: phrase.New("This is not the Host you know"),
			Text: phrase.New("Connecting was stopped before anything was sent. The Host at this address shows another key than the one this computer knows.")}
	case guest.KindHandshake:
		return Trouble{Title: phrase.New("The connection is not safe"),
			Text: phrase.With("The keys of {{.Host}} did not prove right, so nothing was sent. Something on the way may interfere. Tell the person who looks after the Host.", a)}
	case guest.KindLost:
		if e.Silent > 0 {
			a["Seconds"] = int(e.Silent.Round(time.Second) / time.Second)
			return Trouble{Title: phrase.New("The connection was lost"), Again: true,
				Text: phrase.With("{{.Host}} could not be reached for {{.Seconds}} seconds, so the session has ended. Connect again when the Host and the network are back.", a)}
		}
		return Trouble{Title: phrase.New("The connection was lost"), Again: true,
			Text: phrase.With("The connection to {{.Host}} was lost: the Host or the network went away. Connect again when it is back.", a)}
	case guest.KindHostUser:
		return Trouble{Title: phrase.New("The session was ended"), Again: true,
			Text: phrase.With("The person at {{.Host}} ended the session.", a)}
	case guest.KindHostStopping:
		return Trouble{Title: phrase.New("The session was ended"), Again: true,
			Text: phrase.With("The Host on {{.Host}} was stopped.", a)}
	case guest.KindInactive:
		return Trouble{Title: phrase.New("The session was ended"), Again: true,
			Text: phrase.With("{{.Host}} ended the session because keyboard and mouse were not used for a long time.", a)}
	case guest.KindTime:
		return Trouble{Title: phrase.New("The session was ended"), Again: true,
			Text: phrase.With("{{.Host}} ended the session because it lasted as long as a session may there.", a)}
	case guest.KindRoleEnded:
		return Trouble{Title: phrase.New("The session was ended"), Again: true,
			Text: phrase.With("Your role on {{.Host}} was changed, which ended the session.", a)}
	case guest.KindProtocol:
		return Trouble{Title: phrase.New("The Host sent something wrong"), Again: true,
			Text: phrase.With("{{.Host}} sent what this Guest must not accept, so the connection was closed. Bring both to the same release.", a)}
	case guest.KindSessionOver:
		return Trouble{Title: phrase.New("The session is gone"), Again: true,
			Text: phrase.With("The Host on {{.Host}} no longer has this session: it was started again, or gave the place to another Guest. Connect again.", a)}
	case guest.KindReplaced:
		return Trouble{Title: phrase.New("The session goes on elsewhere"), Again: true,
			Text: phrase.With("The session with {{.Host}} was taken over by another connection.", a)}
	case guest.KindNotSupported:
		return Trouble{Title: phrase.New("The Host cannot do this"),
			Text: phrase.With("The Host on {{.Host}} cannot do what this Guest asked for. Bring both to the same release.", a)}
	case guest.KindHostFault:
		return Trouble{Title: phrase.New("The Host closed the connection"), Again: true,
			Text: phrase.With("The Host on {{.Host}} closed the connection because of a fault of its own. Its log says more.", a)}
	}
	return ownWords(e)
}

// ownWords are for what is wrong at this Guest.
func ownWords(e *guest.Error) Trouble {
	a := args(e)
	switch e.Kind {
	case guest.KindNoProfile:
		return Trouble{Title: phrase.New("The profile does not exist"), Field: true,
			Text: phrase.With("There is no communication profile {{.Profile}}. Choose another one.", phrase.Args{"Profile": e.Target.Profile})}
	case guest.KindProfiles:
		return Trouble{Title: phrase.New("The profiles cannot be read or written"),
			Text: phrase.With("{{.File}} cannot be read or written, and holds the communication profiles. Put back a copy of it, or move it away: then Internet (TCP) is the only one.", a)}
	case guest.KindHistory:
		return Trouble{Title: phrase.New("The history cannot be read or written"),
			Text: phrase.With("{{.File}} cannot be read or written, and holds the recent Hosts. Put back a copy of it, or move it away: then their list begins anew.", a)}
	case guest.KindKnownHosts:
		return Trouble{Title: phrase.New("The known Hosts cannot be read"),
			Text: phrase.With("{{.File}} cannot be read or written. Without it no Host's identity can be checked, so nothing was sent. Put back a copy of it, or move it away: then each Host shows its fingerprint again.", a)}
	}
	return Trouble{Title: phrase.New("Something went wrong in this Guest"), Again: true,
		Text: phrase.New("The attempt was given up. Copy the details for whoever looks after this computer.")}
}
