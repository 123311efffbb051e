// Looks into the registry for what an image is, once it has been typed.
import { describeImage, parseReference } from "ocisign";
import type { OcisignElement } from "../base.ts";
import { pause } from "../controllers/pause.ts";
import type { RegistrySource } from "../portal.ts";

/** In milliseconds: so long nobody typed, and so long a registry may take. */
const calm = 400;
const patience = 15_000;

/** What it depends on. */
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
