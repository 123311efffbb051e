// The words of policy.json and registries.d (containers-policy.json(5), containers-registries.d(5)), for all who write
// them: exports of trust files, and the policies that a signed request shows.

/** What an image has to fulfil. */
export type Requirement = Readonly<Record<string, unknown>>;

/** Nothing is admitted. */
export const refuseAll: readonly Requirement[] = [{ type: "reject" }];

/** The signature names the image's repository. It need not name a tag: the digest is what is signed. */
export const inRepository: Requirement = { type: "matchRepository" };

/** One of the keys has to have signed. */
export function sigstoreSigned(
  [pem = "", ...more]: readonly string[],
  signedIdentity: Requirement,
): Requirement {
  const keys =
    more.length === 0 ? { keyData: btoa(pem) } : { keyDatas: [pem, ...more].map((one) => btoa(one)) };
  return { type: "sigstoreSigned", ...keys, signedIdentity };
}

/** Without it, these tools do not look for signatures in a registry. In YAML. */
export function useAttachments(scopes: readonly string[]): string {
  const each = scopes.map((scope) => `  ${JSON.stringify(scope)}:\n    use-sigstore-attachments: true\n`);
  return `docker:${each.length === 0 ? " {}\n" : `\n${each.join("")}`}`;
}
