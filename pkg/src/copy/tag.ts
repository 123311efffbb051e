// What a tag of the destination names. A repository that does not exist yet has none, which registries say in many ways.

import { fieldOf } from "../foreign.ts";
import type { Digest } from "../image/reference.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { FoundManifest } from "../registry/source.ts";
import { digestOf } from "../strict/digest.ts";

export interface Tagged extends FoundManifest {
  readonly digest: Digest;
}

/** @param isNew the repository may not exist yet, so that "not found" of any kind is an answer */
export async function underTag(
  client: RegistryClient,
  repository: string,
  tag: string,
  isNew: boolean,
): Promise<Tagged | undefined> {
  try {
    const there = await client.manifest(repository, tag, { anyType: true });
    return there && { ...there, digest: await digestOf(there.bytes) };
  } catch (error) {
    if (isNew && fieldOf(error, "code") === "not-found") return undefined;
    throw error;
  }
}
