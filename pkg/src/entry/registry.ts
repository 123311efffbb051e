// The file that a page loads when it first reads a registry, waits for a signature, decides about what it showed, or requests many, with what the part
// that applies profiles needs of it.

import { certificatePart } from "../signature/certificates.ts";
import { trustPart } from "../signature/trust.ts";
// All parts reach all of what they share, so that they share one file.
import "./eager.ts";

export { signAll } from "../bulk/sign/sign-all.ts";
export { parseLinks } from "../http/link.ts";
export { lookAgain } from "../service/look-again.ts";
export { waitForEnd } from "../service/waiting.ts";
export * from "./lazy.ts";
export * from "./shared.ts";

certificatePart.load = () => import("./certificates.ts");
trustPart.load = () => import("./trust.ts");
