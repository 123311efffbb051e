// What the package does over the network beside the service: registries. The rules are the module's; these
// are the shells that fetch and push for them. Everything of the module is handed in, because the two
// loaders have one instance each, and there must not be a second class of errors.

import { attaching } from "./attach.js";
import { RegistryClient } from "./registry.js";
import { verifying } from "./verify.js";
import { waiting } from "./wait.js";

/** @param {any} core the module's functions and OcisignError */
export function shells(core) {
  const fail = (
    /** @type {import("../index.js").ErrorCode} */ code,
    /** @type {string} */ message,
    /** @type {string} */ fix,
    /** @type {unknown} */ cause,
  ) => new core.OcisignError(code, message, fix, undefined, cause);
  const parts = { ...core, fail, RegistryClient };
  const verification = verifying(parts);
  return {
    ...verification,
    ...attaching({ ...parts, ...verification }),
    ...waiting({ ...parts, ...verification }),
  };
}
