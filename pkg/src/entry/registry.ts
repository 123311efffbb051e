// The file that a page loads when it first reads a registry, with what the part that applies profiles needs of it.

// All parts reach all of what they share, so that they share one file.
import "./eager.ts";

export { parseLinks } from "../http/link.ts";
export * from "./lazy.ts";
