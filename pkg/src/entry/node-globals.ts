// What the code takes from the platform, where a test runner hides a part of it: Jest's environment for jsdom has none of
// these names. The build puts them in the place of the global ones (tools/build/library.js), in Node's loader only.
import util from "node:util";

export const TextDecoder = globalThis.TextDecoder ?? util.TextDecoder;
export const TextEncoder = globalThis.TextEncoder ?? util.TextEncoder;

/** Of plain data, as everywhere here. */
export const structuredClone = globalThis.structuredClone ?? copied;

function copied<T>(value: T): T {
  // Loaded only where it is needed: that takes a millisecond or two.
  const v8 = require("node:v8") as typeof import("node:v8");
  return v8.deserialize(v8.serialize(value));
}

// How a request travels is read from one that the module builds (http/travel.ts). Node's own would load its `fetch` with
// it, which takes tens of milliseconds, also where a caller has another one. What is read back is what was given.

export function Headers(fields?: HeadersInit): object {
  return { ...fields };
}

export function Request(url: string, init?: RequestInit): object {
  return { url, ...init };
}
