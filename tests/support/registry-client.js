// The package's own client of registries, which is no part of its public face. This file alone says where it is.
import { importLibrary } from "./source.js";

/** @typedef {import("../../pkg/src/registry/client.ts").RegistryClientOptions} RegistryClientOptions */

/**
 * @type {typeof import("../../pkg/src/registry/client.ts")
 *   & typeof import("../../pkg/src/registry/auth.ts")
 *   & typeof import("../../pkg/src/error.ts")}
 */
export const { RegistryClient, parseChallenges, OcisignError } = await importLibrary([
  "pkg/src/registry/client.ts",
  "pkg/src/registry/auth.ts",
  "pkg/src/error.ts",
]);
