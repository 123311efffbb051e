// Looks into the registry for what an image is, once it has been typed.
import { describeImage, parseReference } from "ocisign";
import { pause } from "../../../lib/deadline.js";

/** In milliseconds: so long nobody typed, and so long a registry may take. */
const calm = 400;
const patience = 15_000;

/** @typedef {[canonical: string, source: import("../index.js").RegistrySource | undefined]} LookedAt what it depends on */

/** @param {import("../base.js").OcisignElement} element */
export function lookIntoRegistry(element) {
  return async (/** @type {LookedAt} */ [canonical], /** @type {AbortSignal} */ signal) => {
    await pause(calm, signal);
    signal.throwIfAborted();
    const image = parseReference(canonical);
    const registry = await element.registryFor(image);
    return describeImage(image, { registry, signal, timeoutMs: patience });
  };
}
