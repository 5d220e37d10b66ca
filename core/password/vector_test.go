package password

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bytemare/opaque"

	"impero/core/key"
)

var update = flag.Bool("update", false, "write testdata anew")

// proofFolder holds a proof with fixed random values, one value a file, in hexadecimal.
const proofFolder = "testdata/proof"

func count(first byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

// scalar is a small number's encoding.
func scalar(first byte) []byte { return append(count(first, 31), 0x01) }

// must takes a value of a step that cannot fail here.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestWorkedProof runs the library on the suite of this package with fixed random values: what another implementation
// must come to. The record and the keys then serve a proof of this package's own functions.
func TestWorkedProof(t *testing.T) {
	host := must(key.ParsePublic("ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
	hostBytes := host.Bytes()
	k := keys{seed: count(0x00, seedLen), private: scalar(0x40), fake: count(0x80, seedLen)}
	user, secret := identity("ann"), prepare(right)
	blind := must(must(configuration(nil).Deserializer()).DecodePrivateKey(scalar(0x10)))
	facts := map[string][]byte{
		"01-binding": binding, "02-user": user, "03-password": bytes.Clone(secret), "04-host-key": hostBytes[:],
		"05-oprf-seed": k.seed, "06-host-private": k.private, "07-credential": credential(user),
		"08-blind": scalar(0x10), "09-envelope-nonce": count(0x20, 32), "10-guest-nonce": count(0x30, 32),
		"11-guest-share-seed": count(0x50, 32), "12-host-nonce": count(0x60, 32), "13-host-share-seed": count(0x70, 32),
		"14-masking-nonce": count(0x90, 32),
	}

	server := must(k.server(host, binding))
	client := must(configuration(binding).Client())
	request := must(client.RegistrationInit(secret, &opaque.ClientOptions{OPRFBlind: blind}))
	response := must(server.RegistrationResponse(request, credential(user), nil))
	options := stretch()
	options.RegistrationEnvelopeNonce = count(0x20, 32)
	record, _, err := client.RegistrationFinalize(response, user, hostBytes[:], options)
	if err != nil {
		t.Fatal(err)
	}
	facts["15-record"] = record.Serialize()

	client = must(configuration(binding).Client())
	ke1 := must(client.GenerateKE1(secret, &opaque.ClientOptions{
		OPRFBlind: must(must(configuration(nil).Deserializer()).DecodePrivateKey(scalar(0x10))),
		AKE:       &opaque.AKEOptions{SecretKeyShareSeed: count(0x50, 32), Nonce: count(0x30, 32)},
	}))
	facts["16-ke1"] = ke1.Serialize()
	ke2, output, err := server.GenerateKE2(ke1, &opaque.ClientRecord{
		RegistrationRecord: record, CredentialIdentifier: credential(user), ClientIdentity: user,
	}, &opaque.ServerOptions{
		MaskingNonce: count(0x90, 32), AKE: &opaque.AKEOptions{SecretKeyShareSeed: count(0x70, 32), Nonce: count(0x60, 32)},
	})
	if err != nil {
		t.Fatal(err)
	}
	facts["17-ke2"] = ke2.Serialize()
	ke3, _, _, err := client.GenerateKE3(ke2, user, hostBytes[:], stretch())
	if err != nil || !bytes.Equal(ke3.Serialize(), output.ClientMAC) {
		t.Fatalf("KE3: %v", err)
	}
	facts["18-ke3"] = ke3.Serialize()
	checkGolden(t, facts)

	v := &Verifier{server: host, keys: k, users: map[string][]byte{"ann": facts["15-record"]}}
	if _, guest, atHost := try(t, v, host, "ann", right); guest != nil || atHost != nil {
		t.Errorf("the worked record: guest %v, host %v", guest, atHost)
	}
}

func checkGolden(t *testing.T, facts map[string][]byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(proofFolder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range facts {
		var text strings.Builder
		for line := range slices.Chunk(value, 32) {
			fmt.Fprintf(&text, "%x\n", line)
		}
		path := filepath.Join(proofFolder, name+".hex")
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text.String() {
			t.Errorf("%s is another (%v); -update writes it anew", path, err)
		}
	}
	if files, err := os.ReadDir(proofFolder); err != nil || len(files) != len(facts) {
		t.Errorf("%d files in %s for %d values (%v)", len(files), proofFolder, len(facts), err)
	}
}
