// Reads from the registry what an image is, once the person has typed it.
import { describeImage, parseReference } from "ocisign";
import type { OcisignElement } from "../base.ts";
import { pause } from "../controllers/pause.ts";
import type { RegistrySource } from "../portal.ts";

/** In milliseconds: the pause in typing before the look, and the time that a registry may take. */
const calm = 400;
const patience = 15_000;

/** The image, and how its registry is reached. */
export type LookedAt = [canonical: string, source: RegistrySource | undefined];

export function lookIntoRegistry(element: OcisignElement) {
  return async ([canonical]: LookedAt, signal: AbortSignal) => {
    await pause(calm, signal);
    signal.throwIfAborted();
    const image = parseReference(canonical);
    const registry = await element.registryFor(image);
    return describeImage(image, { registry, signal, timeoutMs: patience });
  };
}
