// Reads a Sigstore bundle with sigstore-go, as policy engines that are built on it do: a managed key, no transparency
// log, no timestamp. It says what a key of the given file makes of it, with the hash of the key's own type, and with
// SHA-256, which cosign uses unless it is told.
//
//	bundle-verifier KEY BUNDLE sha256:HEX
package main

import (
	"crypto"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: bundle-verifier KEY BUNDLE sha256:HEX"))
	}
	key, err := readKey(os.Args[1])
	fail(err)
	signed, err := bundle.LoadJSONFromPath(os.Args[2])
	fail(err)
	digest, err := hex.DecodeString(strings.TrimPrefix(os.Args[3], "sha256:"))
	fail(err)
	own, err := signature.LoadDefaultVerifier(key)
	fail(err)
	usual, err := signature.LoadVerifier(key, crypto.SHA256)
	fail(err)
	answers := map[string]string{"own": judge(signed, digest, own), "sha256": judge(signed, digest, usual)}
	fail(json.NewEncoder(os.Stdout).Encode(answers))
}

func readKey(path string) (crypto.PublicKey, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return cryptoutils.UnmarshalPEMToPublicKey(pem)
}

// judge gives the predicate type of the statement, or why there is none.
func judge(signed *bundle.Bundle, digest []byte, verifier signature.Verifier) string {
	trusted := root.NewTrustedPublicKeyMaterial(func(string) (root.TimeConstrainedVerifier, error) {
		return root.NewExpiringKey(verifier, time.Time{}, time.Time{}), nil
	})
	judge, err := verify.NewVerifier(trusted, verify.WithNoObserverTimestamps())
	if err != nil {
		return "refuses: " + err.Error()
	}
	policy := verify.NewPolicy(verify.WithArtifactDigest("sha256", digest), verify.WithKey())
	result, err := judge.Verify(signed, policy)
	if err != nil {
		return "refuses: " + err.Error()
	}
	return "accepts: " + result.Statement.GetPredicateType()
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
