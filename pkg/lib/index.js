// What the package does over the network. The rules are the module's; these are the shells that ask it. Everything of
// the module is handed in, because the two loaders have one instance each, and there must not be a second class of
// errors.
import { clients } from "./client.js";

/** What all shells use: the module's functions, its class of errors, and a short way to make one. @param {any} module */
export function coreOf(module) {
  const fail = (
    /** @type {import("../index.js").ErrorCode} */ code,
    /** @type {string} */ message,
    /** @type {string} */ fix,
    /** @type {unknown} */ cause,
  ) => new module.OcisignError(code, message, fix, undefined, cause);
  const core = { ...module, fail };
  return { ...core, ...clients(core) };
}
