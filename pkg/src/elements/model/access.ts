// What of the way to a registry makes a difference.
import type { RegistrySource } from "../portal.ts";

export type Access = readonly unknown[];

/**
 * Portals that draw by functions pass a new object, or a new function, each time they draw; a function is asked again
 * when something is read again.
 */
export function accessOf(registry: RegistrySource | undefined): Access {
  if (typeof registry !== "object") return [typeof registry];
  const { url, username, password, repository } = registry;
  return [String(url), username, password, repository];
}

/**
 * The same for an image that somebody else has named. A sign-in without a `url` goes to whatever registry the image
 * names, so that it is left out. A function says itself which image it is for.
 */
export function withoutSignIn(registry: RegistrySource | undefined): RegistrySource | undefined {
  if (typeof registry !== "object" || registry.url !== undefined) return registry;
  const { username, password, identityToken, registryToken, repositorySignIn, ...others } = registry;
  return others;
}

/** Is there a sign-in that would be left out? */
export function signsIn(registry: RegistrySource | undefined): boolean {
  if (typeof registry !== "object" || registry.url !== undefined) return false;
  const { password, identityToken, registryToken, repositorySignIn } = registry;
  return [password, identityToken, registryToken, repositorySignIn].some((it) => it !== undefined);
}
