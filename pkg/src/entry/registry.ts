// The file that a page loads when it first reads a registry or waits for a signature, with what the part that applies
// profiles needs of it.

// All parts reach all of what they share, so that they share one file.
import "./eager.ts";

export { parseLinks } from "../http/link.ts";
export { waitForEnd } from "../service/waiting.ts";
export * from "./lazy.ts";
