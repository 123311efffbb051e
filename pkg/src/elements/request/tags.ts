// Tags: what the registry says that they name now. Only a digest is ever requested, and only after a person saw it.
import { describeImage, type ImageDescription, parseReference } from "ocisign";
import { anyDigest, type TaggedImage } from "../../image/tagged.ts";
import type { OcisignElement } from "../base.ts";
import { pause } from "../controllers/pause.ts";
import type { RegistrySource } from "../portal.ts";

/** In milliseconds: the pause in typing before the look, and the time that a registry may take. */
const calm = 400;
const patience = 15_000;
const atATime = 4;

/** A tag as it was typed, and how its registry is reached. */
export type TagLookedAt = [text: string, source: RegistrySource | undefined];

/** For one tag that is being typed. */
export function lookAtTag(element: OcisignElement) {
  return async ([text]: TagLookedAt, signal: AbortSignal): Promise<ImageDescription> => {
    await pause(calm, signal);
    signal.throwIfAborted();
    return resolve(element, text, signal);
  };
}

/** The same image with the tag as a note: `registry/repository:tag@digest`. */
export function withDigest(text: string, { digest }: ImageDescription) {
  return `${text}@${digest}`;
}

/** For those of a list: each with its digest, and those that stay as they are, with why. */
export async function resolveAll(element: OcisignElement, texts: readonly string[], signal: AbortSignal) {
  const resolved = new Map<string, string>();
  const failed = new Map<string, unknown>();
  const next = new Set(texts).values();
  const work = async () => {
    for (const text of next) {
      if (signal.aborted) return;
      try {
        resolved.set(text, withDigest(text, await resolve(element, text, signal)));
      } catch (error) {
        failed.set(text, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return { resolved, failed };
}

async function resolve(element: OcisignElement, text: string, signal: AbortSignal) {
  // A portal tells registries apart by their names. Of the digest, nobody knows anything yet.
  const registry = await element.registryFor(parseReference(`${text}${anyDigest}`));
  return describeImage(text, { registry, resolveTag: true, signal, timeoutMs: patience });
}

export function nameOf({ registry, repository, tag }: TaggedImage) {
  return `${registry}/${repository}:${tag}`;
}
