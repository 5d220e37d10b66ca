package secure

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"

	"impero/core/wire"
)

const (
	keyLen   = 32
	nonceLen = 12
)

// keys seals or opens the records of one direction, channel and epoch, each with the next counter.
type keys struct {
	aead    cipher.AEAD
	base    [nonceLen]byte
	nonce   [nonceLen]byte // scratch
	counter uint64
	bytes   uint64 // of plaintext
}

// newKeys takes an AES-256 key and a nonce base; it does not keep material.
func newKeys(material []byte) *keys {
	block, err := aes.NewCipher(material[:keyLen])
	if err != nil {
		panic("secure: " + err.Error()) // only for another length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("secure: " + err.Error()) // only for another block size
	}
	return &keys{aead: aead, base: [nonceLen]byte(material[keyLen:])}
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
	h := wire.Header{Length: uint32(len(plaintext) + wire.TagLen), Channel: ch, Epoch: epoch}
	at := len(dst)
	dst = h.Append(dst)
	return k.aead.Seal(dst, k.next(len(plaintext)), plaintext, dst[at:at+wire.HeaderLen])
}

// open opens a record's body in place. header is the 8 bytes in clear.
func (k *keys) open(header, body []byte) ([]byte, error) {
	return k.aead.Open(body[:0], k.next(len(body)-wire.TagLen), body, header)
}

// limits say when a channel's keys are spent.
type limits struct{ records, bytes uint64 }

// epochLimits keep AES-GCM far from its bounds (2^32 blocks a key): 2^24 records, 64 GiB.
var epochLimits = limits{records: 1 << 24, bytes: 64 << 30}

// channel is one direction of one channel in the session.
type channel struct {
	*keys
	secret [secretLen]byte
	epoch  uint16
}

// newChannel begins with epoch 2; it does not keep secret.
func newChannel(secret []byte) channel {
	c := channel{secret: [secretLen]byte(secret), epoch: wire.EpochSession}
	c.keys = c.derive()
	return c
}

func (c *channel) derive() *keys {
	material := derive(c.secret[:], "key", "", keyLen+nonceLen)
	defer clear(material)
	return newKeys(material)
}

// spent says whether the epoch may carry no further record.
func (c *channel) spent(l limits) bool { return c.counter >= l.records || c.bytes >= l.bytes }

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
