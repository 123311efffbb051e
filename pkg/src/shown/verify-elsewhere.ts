// How others verify a signed image: commands for a shell, and policies that refuse what is not signed by its key. The
// texts are for this image and this key; page and command line print the same. examples/kubernetes has the policy for
// Kyverno with a place to fill in, and a test compares them.
import type { ImageReference, PublicKey } from "ocisign";
import { inRepository, refuseAll, sigstoreSigned, useAttachments } from "../trust/export/policy-json.ts";

/** A text to copy, and the file that it belongs into, if it is one. */
export interface Recipe {
  readonly name: "key" | "ocisign" | "cosign" | "kyverno" | "policy" | "registries";
  readonly text: string;
  readonly file?: string;
}

type Image = Pick<ImageReference, "registry" | "repository" | "canonical">;
type Key = Pick<PublicKey, "pem">;

/** The file that the commands read the key from. */
const keyFile = "ocisign-key.pub";

/** Commands for a shell: the key into a file, and then either of the others. */
export function commandsFor({ canonical }: Image, { pem }: Key): Recipe[] {
  return [
    { name: "key", text: `cat > ${keyFile} <<'EOF'\n${pem.trimEnd()}\nEOF` },
    { name: "ocisign", text: `ocisign verify ${inShell(canonical)} --key ${keyFile}` },
    // No transparency log knows the signatures of a key that is kept in an HSM.
    {
      name: "cosign",
      text: `cosign verify --key ${keyFile} --insecure-ignore-tlog=true ${inShell(canonical)}`,
    },
  ];
}

/** Policies for the image's repository: of a cluster, and of podman, skopeo, buildah and CRI-O. */
export function policiesFor(image: Image, key: Key): Recipe[] {
  return [
    { name: "kyverno", file: "kyverno-clusterpolicy.yaml", text: kyvernoPolicy(image, key) },
    { name: "policy", file: "/etc/containers/policy.json", text: containersPolicy(image, key) },
    { name: "registries", file: "/etc/containers/registries.d/ocisign.yaml", text: sigstoreIn(image) },
  ];
}

function kyvernoPolicy(image: Image, { pem }: Key) {
  const indent = " ".repeat(22);
  const key = pem
    .trimEnd()
    .split("\n")
    .map((line) => indent + line);
  return `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed-by-our-hsm
spec:
  background: false
  webhookConfiguration:
    failurePolicy: Fail
    timeoutSeconds: 30
  rules:
    - name: signature
      match:
        any:
          - resources:
              kinds: [Pod]
      verifyImages:
        - type: Cosign
          failureAction: Enforce
          imageReferences: [${patternsOf(image).map(inJson).join(", ")}]
          attestors:
            - count: 1
              entries:
                - keys:
                    publicKeys: |
${key.join("\n")}
                    rekor:
                      ignoreTlog: true
                    ctlog:
                      ignoreSCT: true
`;
}

/**
 * Kyverno compares an image by its tag, or by its digest where it has one. It does not add the `library/` that Docker
 * Hub's official images may be written without.
 */
function patternsOf({ registry, repository }: Image) {
  const official = registry === "docker.io" && repository.startsWith("library/");
  const names = official ? [repository, repository.slice("library/".length)] : [repository];
  return names.flatMap((name) => [`${registry}/${name}:*`, `${registry}/${name}@*`]);
}

/** It refuses everything else: whoever has a policy already adds the entry to theirs. */
function containersPolicy({ registry, repository }: Image, { pem }: Key) {
  const policy = {
    default: refuseAll,
    transports: { docker: { [`${registry}/${repository}`]: [sigstoreSigned([pem], inRepository)] } },
  };
  return `${JSON.stringify(policy, null, 2)}\n`;
}

function sigstoreIn({ registry, repository }: Image) {
  return useAttachments([`${registry}/${repository}`]);
}

/** A string of JSON is one of YAML. */
function inJson(text: string) {
  return JSON.stringify(text);
}

/** A reference has no quote in it; a registry may be an address in brackets, which a shell would expand. */
export function inShell(reference: string): string {
  return /[[\]]/.test(reference) ? `'${reference}'` : reference;
}
