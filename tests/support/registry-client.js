// The package's own client of registries, which is no part of its public face. This file alone says where it is.
import { RegistryClient as Client } from "../../pkg/lib/registry.js";
import { OcisignError } from "../../src/js/error.js";

export { parseChallenges } from "../../pkg/lib/registry-auth.js";
export { OcisignError };

/** @typedef {Omit<import("../../pkg/lib/registry.js").RegistryOptions, "fail">} RegistryOptions */

/** With the package's errors. */
export class RegistryClient extends Client {
  /** @param {RegistryOptions} options */
  constructor(options) {
    super({
      ...options,
      fail: (code, message, fix, cause) => new OcisignError(code, message, fix, undefined, cause),
    });
  }
}
