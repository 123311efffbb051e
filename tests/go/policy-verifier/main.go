// Decides about an image as podman, buildah, skopeo and CRI-O do: containers/image, a policy.json, and registries.d. The
// configuration of the machine itself is left out.
//
//	policy-verifier POLICY REGISTRIES_D AUTHFILE IMAGE
package main

import (
	"context"
	"fmt"
	"os"

	"go.podman.io/image/v5/docker"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/signature"
	"go.podman.io/image/v5/types"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: policy-verifier POLICY REGISTRIES_D AUTHFILE IMAGE")
		os.Exit(2)
	}
	if err := allowed(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func allowed(policyFile, registries, auth, name string) error {
	ctx := context.Background()
	policy, err := signature.NewPolicyFromFile(policyFile)
	if err != nil {
		return err
	}
	decider, err := signature.NewPolicyContext(policy)
	if err != nil {
		return err
	}
	reference, err := docker.ParseReference("//" + name)
	if err != nil {
		return err
	}
	system := &types.SystemContext{
		RegistriesDirPath:           registries,
		SystemRegistriesConfPath:    os.DevNull,
		AuthFilePath:                auth,
		DockerInsecureSkipTLSVerify: types.OptionalBoolTrue,
	}
	source, err := reference.NewImageSource(ctx, system)
	if err != nil {
		return err
	}
	defer source.Close()
	_, err = decider.IsRunningImageAllowed(ctx, image.UnparsedInstance(source, nil))
	return err
}
