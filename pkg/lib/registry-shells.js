// What the package does with registries. Browsers load it when it is first used: a page that only asks for signatures
// never needs it.
import { attaching } from "./attach.js";
import { describing } from "./describe.js";
import { RegistryClient } from "./registry.js";
import { verifying } from "./verify.js";
import { waiting } from "./wait.js";

/** @param {any} core as `coreOf` makes it */
export function registryShells(core) {
  const parts = { ...core, RegistryClient };
  const verification = verifying(parts);
  return {
    ...verification,
    ...describing(parts),
    ...attaching({ ...parts, ...verification }),
    ...waiting({ ...parts, ...verification }),
  };
}
