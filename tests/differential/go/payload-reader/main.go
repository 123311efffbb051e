// Decides about signatures as podman, buildah, skopeo and CRI-O do: containers/image, with a policy that names one key and
// one repository. Its reader of payloads is not exported, so that an image in a folder is judged, with one signature.
//
//	payload-reader KEY FOLDER
//
// A question is JSON. The answer is "accepted", or "refused: " and why.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.podman.io/image/v5/directory"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/signature"
	"go.podman.io/image/v5/types"

	"ocisign.example/readers/batches"
)

type question struct {
	Repository string `json:"repository"`
	Manifest   []byte `json:"manifest"`
	// As such a folder has it.
	Signature json.RawMessage `json:"signature"`
}

type judge struct {
	key      string
	folder   string
	source   types.ImageSource
	deciders map[string]*signature.PolicyContext
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: payload-reader KEY FOLDER")
		os.Exit(2)
	}
	judge, err := newJudge(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	batches.Serve(func(answers, question []byte) []byte {
		if err := judge.allows(question); err != nil {
			answers = append(answers, "refused: "...)
			return append(answers, strings.Map(inOneLine, err.Error())...)
		}
		return append(answers, "accepted"...)
	})
}

func newJudge(key, folder string) (*judge, error) {
	reference, err := directory.NewReference(folder)
	if err != nil {
		return nil, err
	}
	source, err := reference.NewImageSource(context.Background(), nil)
	return &judge{key, folder, source, map[string]*signature.PolicyContext{}}, err
}

func (j *judge) allows(text []byte) error {
	var asked question
	if err := json.Unmarshal(text, &asked); err != nil {
		return err
	}
	if err := j.write("manifest.json", asked.Manifest); err != nil {
		return err
	}
	if err := j.write("signature-1", append([]byte("\x00sigstore-json\n"), asked.Signature...)); err != nil {
		return err
	}
	decider, err := j.decider(asked.Repository)
	if err != nil {
		return err
	}
	// Made anew: it keeps what it has read.
	_, err = decider.IsRunningImageAllowed(context.Background(), image.UnparsedInstance(j.source, nil))
	return err
}

func (j *judge) write(name string, content []byte) error {
	return os.WriteFile(filepath.Join(j.folder, name), content, 0o600)
}

func (j *judge) decider(repository string) (*signature.PolicyContext, error) {
	if known, ok := j.deciders[repository]; ok {
		return known, nil
	}
	identity, err := signature.NewPRMExactRepository(repository)
	if err != nil {
		return nil, err
	}
	requirement, err := signature.NewPRSigstoreSigned(
		signature.PRSigstoreSignedWithKeyPath(j.key),
		signature.PRSigstoreSignedWithSignedIdentity(identity),
	)
	if err != nil {
		return nil, err
	}
	policy := signature.Policy{Default: signature.PolicyRequirements{requirement}}
	decider, err := signature.NewPolicyContext(&policy)
	if err == nil {
		j.deciders[repository] = decider
	}
	return decider, err
}

func inOneLine(character rune) rune {
	if character == '\n' {
		return ' '
	}
	return character
}
