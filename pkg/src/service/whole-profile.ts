// Reads a profile as far as every client needs it. The module reads and completes what it applies itself
// (src/profile.rs); all else is checked and applied in shape/, which loads when a profile says it.
import { readProfile } from "../core.ts";
import { isRecord } from "../foreign.ts";
import { plainCopy } from "./json.ts";
import type { Profile, WholeProfile } from "./profile.ts";

/** Completes a profile with what the module reads of it, and checks so much of it. */
export function wholeProfile(given: Profile | undefined): WholeProfile {
  // The module refuses what has no JSON form.
  const { routes: paths, ...read } = readProfile(given);
  const copy = plainCopy(given ?? {}, "") as Profile;
  // Those of the module come first. It knows no path of a withdrawal.
  const all: { readonly [name: string]: unknown } = { ...paths, ...copy.routes };
  const routes = Object.entries(all).map(([name, given]) => {
    const path = (paths as { readonly [name: string]: string })[name];
    const route = given ?? path;
    return [name, isRecord(route) && path ? { ...route, path } : route];
  });
  const publicKeyPath = copy.publicKeyPath === null ? "" : read.publicKeyPath;
  return { ...copy, ...read, publicKeyPath, routes: Object.fromEntries(routes) };
}

/** Says it more than which codes and key types there are? Then shape/ checks and applies it. */
export function isShaped(profile: WholeProfile): boolean {
  const [said, usual] = [profile, wholeProfile({})].map(({ statuses, keyTypes, ...more }) =>
    JSON.stringify(more),
  );
  return said !== usual;
}
