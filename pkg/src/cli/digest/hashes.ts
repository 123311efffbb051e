// The hashes whose digests signers take.

export const hashes = ["sha256", "sha384", "sha512"] as const;

export type HashName = (typeof hashes)[number];

export function hashNamed(given: string | undefined): HashName | undefined {
  return hashes.find((it) => it === given);
}
