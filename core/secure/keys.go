package secure

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"impero/core/wire"
)

const (
	keyLen    = 32
	keyLen128 = 16
	nonceLen  = 12
)

// keys protects or opens the records of one direction, channel and epoch, each with the next counter.
type keys struct {
	aead    cipher.AEAD // nil: nothing is protected
	inClear bool        // only integrity: the plaintext is additional data
	base    [nonceLen]byte
	nonce   [nonceLen]byte // scratch
	counter uint64
	bytes   uint64 // of plaintext
	since   time.Time
}

// newKeys takes a key of 32 bytes and a nonce base; it does not keep material.
func newKeys(material []byte, p wire.Protection) *keys {
	k := &keys{inClear: p == wire.ProtectIntegrity, base: [nonceLen]byte(material[keyLen:]), since: time.Now()}
	n := keyLen
	switch p {
	case wire.ProtectNothing:
		return k
	case wire.ProtectSealed128:
		n = keyLen128
	}
	block, err := aes.NewCipher(material[:n])
	if err != nil {
		panic("secure: " + err.Error()) // only for another length
	}
	if k.aead, err = cipher.NewGCM(block); err != nil {
		panic("secure: " + err.Error()) // only for another block size
	}
	return k
}

// next gives the nonce of the next record and counts it.
func (k *keys) next(plaintext int) []byte {
	k.nonce = k.base
	tail := k.nonce[nonceLen-8:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^k.counter)
	k.counter++
	k.bytes += uint64(plaintext)
	return k.nonce[:]
}

// seal appends a whole record to dst, which has room for it.
func (k *keys) seal(dst []byte, ch wire.Channel, epoch uint16, plaintext []byte) []byte {
	h := wire.Header{Length: uint32(len(plaintext)), Channel: ch, Epoch: epoch}
	if k.aead != nil {
		h.Length += wire.TagLen
	}
	at := len(dst)
	dst = h.Append(dst)
	switch {
	case k.aead == nil:
		return append(dst, plaintext...)
	case k.inClear:
		dst = append(dst, plaintext...)
		return k.aead.Seal(dst, k.next(len(plaintext)), nil, dst[at:])
	}
	return k.aead.Seal(dst, k.next(len(plaintext)), plaintext, dst[at:at+wire.HeaderLen])
}

// errShort says that a record has no room for its tag and a byte.
var errShort = errors.New("the record is too short")

// open opens a record, which begins with its header in clear, in place.
func (k *keys) open(record []byte) ([]byte, error) {
	header, body := record[:wire.HeaderLen], record[wire.HeaderLen:]
	n := len(body) - wire.TagLen
	switch {
	case k.aead == nil:
		return body, nil
	case n <= 0:
		return nil, errShort
	case k.inClear:
		if _, err := k.aead.Open(nil, k.next(n), body[n:], record[:wire.HeaderLen+n]); err != nil {
			return nil, err
		}
		return body[:n], nil
	}
	return k.aead.Open(body[:0], k.next(n), body, header)
}

// limits say when a channel's keys are spent.
type limits struct {
	records, bytes uint64
	age            time.Duration // for who sends; who receives cannot know
}

// epochLimits keep AES-GCM far from its bounds (2^32 blocks a key): 2^24 records, 64 GiB; and what one stolen key opens
// to an hour.
var epochLimits = limits{records: 1 << 24, bytes: 64 << 30, age: time.Hour}

// channel is one direction of one channel in the session.
type channel struct {
	*keys
	protection wire.Protection
	secret     [secretLen]byte
	epoch      uint16
}

// newChannel begins with an epoch and its secret, which it does not keep.
func newChannel(secret []byte, p wire.Protection, epoch uint16) channel {
	c := channel{secret: [secretLen]byte(secret), protection: p, epoch: epoch}
	c.keys = c.derive()
	return c
}

func (c *channel) derive() *keys {
	material := derive(c.secret[:], "key", "", keyLen+nonceLen)
	defer clear(material)
	return newKeys(material, c.protection)
}

// spent says whether the epoch may carry no further record.
func (c *channel) spent(l limits) bool { return c.counter >= l.records || c.bytes >= l.bytes }

// old says whether it is time for another epoch.
func (c *channel) old(l limits) bool {
	return c.aead != nil && c.counter > 0 && time.Since(c.since) >= l.age
}

// ratchet moves on to the next epoch and overwrites the secret of this one. It is false after the last epoch.
func (c *channel) ratchet() bool {
	if c.epoch == 1<<16-1 {
		return false
	}
	next := derive(c.secret[:], "next epoch", "", secretLen)
	defer clear(next)
	copy(c.secret[:], next)
	c.epoch++
	c.keys = c.derive()
	return true
}

// take opens a record under the epoch as it is or the next. The caller ends the connection if it does not open.
func (c *channel) take(h wire.Header, record []byte, l limits) ([]byte, error) {
	switch {
	case h.Epoch == c.epoch && !c.spent(l):
		return c.open(record)
	case h.Epoch == c.epoch:
		return nil, fmt.Errorf("epoch %d of the %s channel is spent", h.Epoch, h.Channel)
	case c.aead == nil || c.epoch == 1<<16-1 || h.Epoch != c.epoch+1:
		return nil, fmt.Errorf("epoch %d after %d on the %s channel", h.Epoch, c.epoch, h.Channel)
	}
	next := *c
	next.ratchet()
	plaintext, err := next.open(record)
	if err == nil {
		*c = next
	}
	clear(next.secret[:])
	return plaintext, err
}
