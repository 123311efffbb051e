// Finds what opens a repository as crane, ko and cosign do: go-containerregistry's keychain, with docker's own reader of
// configuration files. HOME has to be a folder that holds nothing else.
//
// A question is JSON. So is the answer: what was found, or an error.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"ocisign.example/readers/batches"
)

type question struct {
	// The whole config.json; it may be no JSON.
	File       []byte `json:"file"`
	Repository string `json:"repository"`
}

// None of authn's own types: it adds `auth` to what it writes.
type answer struct {
	Username      string `json:"username"`
	Password      string `json:"password"`
	IdentityToken string `json:"identityToken"`
	RegistryToken string `json:"registryToken"`
	Error         string `json:"error"`
}

func main() {
	file := filepath.Join(os.Getenv("HOME"), ".docker", "config.json")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	batches.Serve(func(answers, question []byte) []byte {
		found, err := find(file, question)
		if err != nil {
			found = answer{Error: err.Error()}
		}
		text, err := json.Marshal(found)
		if err != nil {
			panic(err)
		}
		return append(answers, text...)
	})
}

func find(file string, text []byte) (found answer, err error) {
	var asked question
	if err := json.Unmarshal(text, &asked); err != nil {
		return found, err
	}
	if err := os.WriteFile(file, asked.File, 0o600); err != nil {
		return found, err
	}
	repository, err := name.NewRepository(asked.Repository, name.StrictValidation)
	if err != nil {
		return found, err
	}
	authenticator, err := authn.DefaultKeychain.Resolve(repository)
	if err != nil {
		return found, err
	}
	config, err := authenticator.Authorization()
	if err != nil {
		return found, err
	}
	return answer{config.Username, config.Password, config.IdentityToken, config.RegistryToken, ""}, nil
}
