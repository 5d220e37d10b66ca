package event

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"impero/core/store"
)

// head is the file beside the log that holds the last event's sequence and hash: without it a log whose last lines were cut off
// looks whole. It always has the same length, so that one write replaces it.
type head struct {
	sequence uint64
	hash     digest
}

// headSuffix is appended to the log's name.
const headSuffix = ".head"

const headForm = "impero-nlg-head 1 %020d %s\n"

func (h head) text() []byte { return fmt.Appendf(nil, headForm, h.sequence, h.hash) }

// parseHead reads exactly what text writes.
func parseHead(text []byte) (h head, err error) {
	var hash string
	if _, err := fmt.Sscanf(string(text), headForm, &h.sequence, &hash); err != nil {
		return h, errors.New("the head of the log is no such file")
	}
	if h.hash, err = parseDigest(hash); err != nil {
		return h, err
	}
	if string(h.text()) != string(text) {
		return h, errors.New("the head of the log has another form")
	}
	return h, nil
}

// readHead reads the head of the log called name; known is false if there is none.
func readHead(name string) (h head, known bool, err error) {
	text, err := store.ReadFile(name+headSuffix, int64(len(head{}.text())))
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err == nil {
		h, err = parseHead(text)
	}
	return h, err == nil, err
}

// openHead opens the head of the log called name for writing.
func openHead(name string) (*os.File, error) {
	f, err := store.OpenOwn(name+headSuffix, os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	if _, err := store.KeepPrivate(name + headSuffix); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
