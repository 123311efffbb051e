// The keys under which a file keeps sign-ins: a registry, or a part of one, as docker and podman have written it over the
// years. They are compared whole: a host never matches another one that it begins or ends, nor a path another name.

import { withoutTrailing } from "../../trailing.ts";
import type { Place } from "./credentials.ts";

/** What a key names. */
interface Named {
  /** In lower case, with its port; of Docker Hub, one name. */
  readonly host: string;
  /** Below it; empty where the whole registry is meant. */
  readonly path: string;
}

/** The key of Docker Hub in files and helpers of docker. */
const hubKey = "https://index.docker.io/v1/";
const hub = "docker.io";
const hubs: readonly string[] = [hub, "index.docker.io", "registry-1.docker.io"];
const hostForm = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** What docker calls a registry, in its files and to its helpers. */
export function dockersKey(registry: string): string {
  return hostOf(registry) === hub ? hubKey : registry;
}

function hostOf(text: string): string {
  const host = text.toLowerCase();
  return hubs.includes(host) ? hub : host;
}

/** Undefined for what names no registry. */
function namedBy(key: string): Named | undefined {
  const [, scheme, rest = ""] = key.match(/^(https?:\/\/)?(.*)$/is) ?? [];
  const [host = "", ...parts] = rest.split("/");
  if (!hostForm.test(host)) return undefined;
  const path = withoutTrailing(parts.join("/"), "/");
  // Of a URL, as docker wrote it for years, the host counts. Some wrote the root of the API without a scheme.
  const isUrl = scheme !== undefined || /^v[12]\/+$/.test(parts.join("/"));
  return { host: hostOf(host), path: isUrl ? "" : path };
}

/** Does this key name the whole registry of a place? */
export function namesRegistry(key: string, { registry }: Place): boolean {
  const named = namedBy(key);
  return named?.host === hostOf(registry) && named.path === "";
}

/**
 * The keys that are for a place, in groups: the longest path first, and of one path, the spelling first that docker and
 * podman would find. What is in one group, no rule puts in an order.
 */
export function keysFor(place: Place, keys: readonly string[]): string[][] {
  const groups = new Map<number, string[]>();
  for (const key of keys) {
    const rank = rankOf(key, place);
    if (rank === undefined) continue;
    const group = groups.get(rank) ?? [];
    group.push(key);
    groups.set(rank, group);
  }
  return [...groups].sort(([one], [other]) => one - other).map(([, group]) => group);
}

/** The smaller, the sooner; undefined for what is not for the place. */
function rankOf(key: string, { registry, repository = "" }: Place): number | undefined {
  const named = namedBy(key);
  if (named?.host !== hostOf(registry)) return undefined;
  const { path } = named;
  if (path !== "" && repository !== path && !repository.startsWith(`${path}/`)) return undefined;
  const spelling = key === dockersKey(registry) ? 0 : key === registry ? 1 : 2;
  return -10 * path.length + spelling;
}
