package password

import (
	"bytes"
	"errors"
	"testing"

	"github.com/bytemare/opaque"
)

func FuzzHost(f *testing.F) {
	v := verifier(f)
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("", ke1, []byte{})
	f.Add("bob", ke1, make([]byte, KE3Len))
	f.Add("e\u0301", ke1[:95], ke1)
	f.Fuzz(func(t *testing.T, user string, ke1, ke3 []byte) {
		ke2, a, err := v.Begin(binding, user, ke1)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Error(err)
			}
			return
		}
		if len(ke2) != KE2Len {
			t.Errorf("KE2 of %d bytes", len(ke2))
		}
		if err := a.Finish(ke3); err != ErrWrong {
			t.Errorf("arbitrary bytes are a proof: %v", err)
		}
	})
}

func FuzzGuest(f *testing.F) {
	v := verifier(f)
	_, ke1, err := Begin(binding, "", right)
	if err != nil {
		f.Fatal(err)
	}
	ke2, _, err := v.Begin(binding, "", ke1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint16(0), uint16(0), []byte{})
	f.Add(uint16(1), uint16(0), []byte{})
	f.Add(uint16(0), uint16(0), []byte{0xff, 0xff})
	f.Add(uint16(0), uint16(224), make([]byte, 32))
	f.Fuzz(func(t *testing.T, short, at uint16, patch []byte) { // a whole KE2 would be minimized for minutes
		ke2 := bytes.Clone(ke2[:KE2Len-int(short)%KE2Len])
		copy(ke2[int(at)%len(ke2):], patch)
		// Fixed random values, so that equal bytes take equal ways; and a cheap Argon2id, for which the fuzzer would wait.
		client := must(configuration(binding).Client())
		must(client.GenerateKE1(prepare(right), &opaque.ClientOptions{
			OPRFBlind: must(client.Deserialize.DecodePrivateKey(scalar(0x10))),
			AKE:       &opaque.AKEOptions{SecretKeyShareSeed: count(0x50, 32), Nonce: count(0x30, 32)},
		}))
		p := &Proof{client: client, user: identity(""), options: stretch()}
		p.options.KSFParameters = []uint64{1, 8, 1}
		if ke3, err := p.Finish(v.Server(), ke2); ke3 != nil || err != ErrWrong && !errors.Is(err, ErrMalformed) {
			t.Errorf("arbitrary bytes are a Host: %x, %v", ke3, err)
		}
	})
}
