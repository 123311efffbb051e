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
