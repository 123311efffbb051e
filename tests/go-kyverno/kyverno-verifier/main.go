// Decides about an image with the packages in which Kyverno verifies signatures, without Kyverno's engine around them:
// with that, it takes eleven minutes to compile on two processors, and without it three. It reads a policy of
// examples/kubernetes, and of it the attestors with a key. Everything else in the policy is for the engine.
//
//	kyverno-verifier POLICY IMAGE
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	policies "github.com/kyverno/api/api/policies.kyverno.io/v1beta1"
	"github.com/kyverno/kyverno/pkg/image/verifiers"
	ofClusterPolicy "github.com/kyverno/kyverno/pkg/image/verifiers/cpol/cosign"
	ofImagePolicy "github.com/kyverno/kyverno/pkg/image/verifiers/ivpol/cosign"
	"github.com/kyverno/sdk/extensions/imagedataloader"
	"sigs.k8s.io/yaml"
)

// What is read of either kind of policy.
type policy struct {
	Kind string `json:"kind"`
	Spec struct {
		// Of an ImageValidatingPolicy.
		Attestors []policies.Attestor `json:"attestors"`
		// Of a ClusterPolicy.
		Rules []struct {
			VerifyImages []verifyImages `json:"verifyImages"`
		} `json:"rules"`
	} `json:"spec"`
}

type verifyImages struct {
	Type      string `json:"type"`
	Attestors []struct {
		Entries []struct {
			Keys keys `json:"keys"`
		} `json:"entries"`
	} `json:"attestors"`
}

type keys struct {
	PublicKeys         string `json:"publicKeys"`
	SignatureAlgorithm string `json:"signatureAlgorithm"`
	Rekor              struct {
		IgnoreTlog bool `json:"ignoreTlog"`
	} `json:"rekor"`
	CTLog struct {
		IgnoreSCT bool `json:"ignoreSCT"`
	} `json:"ctlog"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: kyverno-verifier POLICY IMAGE")
		os.Exit(2)
	}
	text, err := os.ReadFile(os.Args[1])
	read := policy{}
	if err == nil {
		err = yaml.Unmarshal(text, &read)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := allowed(context.Background(), read, os.Args[2]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func allowed(ctx context.Context, read policy, image string) error {
	switch read.Kind {
	case "ImageValidatingPolicy":
		return byImagePolicy(ctx, read.Spec.Attestors, image)
	case "ClusterPolicy":
		for _, rule := range read.Spec.Rules {
			for _, one := range rule.VerifyImages {
				return byClusterPolicy(ctx, one, image)
			}
		}
	}
	return errors.New("the policy names no attestor")
}

// One attestor is enough, as in the policy's own expression.
func byImagePolicy(ctx context.Context, attestors []policies.Attestor, image string) error {
	loader, err := imagedataloader.New(nil, nil, nil)
	if err != nil {
		return err
	}
	data, err := loader.FetchImageData(ctx, image, nil, nil)
	if err != nil {
		return err
	}
	verifier := ofImagePolicy.NewVerifier(nil, logr.Discard())
	all := errors.New("the policy names no attestor")
	for _, attestor := range attestors {
		err := verifier.VerifyImageSignature(ctx, data, &attestor)
		if err == nil {
			return nil
		}
		all = errors.Join(all, err)
	}
	return all
}

// As the engine asks for an entry with a key.
func byClusterPolicy(ctx context.Context, asked verifyImages, image string) error {
	all := errors.New("the policy names no attestor")
	for _, attestor := range asked.Attestors {
		for _, entry := range attestor.Entries {
			_, err := ofClusterPolicy.NewVerifier().VerifySignature(ctx, verifiers.Options{
				SigstoreBundle:     asked.Type == "SigstoreBundle",
				ImageRef:           image,
				Client:             anonymous{},
				Key:                entry.Keys.PublicKeys,
				IgnoreTlog:         entry.Keys.Rekor.IgnoreTlog,
				IgnoreSCT:          entry.Keys.CTLog.IgnoreSCT,
				SignatureAlgorithm: entry.Keys.SignatureAlgorithm,
			})
			if err == nil {
				return nil
			}
			all = errors.Join(all, err)
		}
	}
	return all
}

// A client without credentials.
type anonymous struct{}

func (anonymous) Options(ctx context.Context) ([]remote.Option, []name.Option, error) {
	return []remote.Option{remote.WithContext(ctx)}, nil, nil
}

func (anonymous) NameOptions() []name.Option {
	return nil
}
